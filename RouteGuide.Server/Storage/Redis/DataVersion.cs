using Grpc.Core;

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

    /// <exception cref="RpcException">UNAVAILABLE: nothing has been seeded yet.</exception>
    public long Required => Current is > 0 and var version
        ? version
        : throw new RpcException(new Status(StatusCode.Unavailable, "The feature database is not seeded yet; try again."));
}
