using MonoRepo.ServiceDefaults.Grpc;

namespace MonoRepo.RouteGuide.Server.Storage.Redis;

/// <summary>The version of the data that Redis serves now, as the seeder last saw it.</summary>
internal sealed class DataVersion
{
    private long _current;

    /// <summary>0 until it is known.</summary>
    public long Current
    {
        get => Volatile.Read(ref _current);
        set => Volatile.Write(ref _current, value);
    }

    /// <exception cref="DependencyUnavailableException">Nothing has been seeded yet.</exception>
    public long Required => Current is > 0 and var version ? version : throw new DependencyUnavailableException("The feature database");
}
