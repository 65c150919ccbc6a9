using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace MonoRepo.Hosting.RedisCluster.Local;

/// <summary>What the members of one cluster are on this machine: their server, their folders, their ports.</summary>
internal sealed class LocalCluster(RedisClusterResource cluster, LocalRedisOptions options, string garnetPath) : IDisposable
{
    private MemberDirectories? _directories;

    public RedisClusterResource Resource { get; } = cluster;

    public LocalRedisOptions Options { get; } = options;

    /// <summary>Server and size: none can read the data of another.</summary>
    public string Shape => $"{Options.ServerName}-{Resource.Shards}x{1 + Options.ReplicasPerShard}";

    public int MemberCount => Resource.Shards * (1 + Options.ReplicasPerShard);

    public bool KeepsData => Directories.IsKept;

    private MemberDirectories Directories => _directories
        ?? throw new InvalidOperationException($"The folders of '{Resource.Name}' are chosen when the application starts.");

    /// <summary>Chooses folders and ports, now that all is known that the graph says. Writes nothing.</summary>
    public void Choose(string appHostDirectory, IConfiguration configuration)
    {
        var isKept = Resource.Annotations.OfType<ContainerMountAnnotation>().Any();

        // An isolated run, as tests are, must neither see nor touch the data of the developer's own.
        var isIsolated = configuration.GetValue("DcpPublisher:RandomizePorts", false);
        _directories = isKept && !isIsolated
            ? MemberDirectories.Kept(Path.Combine(appHostDirectory, ".aspire", "redis", Resource.Name, Shape), Options.Reset)
            : MemberDirectories.Temporary();
        foreach (var member in Resource.Members)
        {
            var endpoint = RedisClusterResource.EndpointAnnotationOf(member);
            endpoint.Port = endpoint.TargetPort = Directories.KnownPort(member.Name) is { } port && FreePorts.IsFree(port)
                ? port
                : FreePorts.Next();
        }
    }

    /// <summary>Makes all ready for the start of a member.</summary>
    /// <exception cref="DistributedApplicationException">The server is not installed, its data is in use, or the password is
    /// empty.</exception>
    public async Task PrepareAsync(IResourceWithEndpoints member, CancellationToken cancellationToken)
    {
        if (Options.Server == RedisServerKind.Garnet && !File.Exists(garnetPath))
        {
            throw new DistributedApplicationException(
                $"Garnet is not at {garnetPath}. Restore the AppHost (dotnet restore), or choose another server with --redis.");
        }

        if (Options.Server == RedisServerKind.RedisServer && !RedisServer.IsInstalled)
        {
            throw new DistributedApplicationException(
                "redis-server is not on PATH. Install it (Debian, Ubuntu: apt install redis-server), or run without --redis " +
                "redis-server.");
        }

        Directories.Prepare(member.Name, RedisClusterResource.PortOf(member));
        if (Options.Server != RedisServerKind.Container)
        {
            (await CommandAsync(member, cancellationToken)).SecretFile?.Write();
        }
    }

    /// <summary>The command that runs a member that is a process.</summary>
    public async Task<ServerCommand> CommandAsync(IResourceWithEndpoints member, CancellationToken cancellationToken)
    {
        var password = await Resource.PasswordParameter.GetValueAsync(cancellationToken);
        var settings = new MemberSettings(
            RedisClusterResource.PortOf(member),
            Directories.Of(member.Name),
            KeepsData,
            Options.ReplicasPerShard > 0,
            password is { Length: > 0 }
                ? password
                : throw new DistributedApplicationException(
                    $"The password of '{Resource.Name}' is empty. " +
                    $"Give the parameter '{Resource.PasswordParameter.Name}' a value."));
        return Options.Server == RedisServerKind.Garnet
            ? GarnetServer.Command(garnetPath, settings)
            : RedisServer.Command(settings);
    }

    public void Dispose() => _directories?.Dispose();
}

/// <summary>What a member is started with.</summary>
/// <param name="Port">Where it listens on loopback; its bus is <see cref="FreePorts.BusOffset"/> above.</param>
/// <param name="Directory">Where it keeps its cluster configuration, and its data if they are kept.</param>
/// <param name="KeepsData">Whether keys survive a restart of the member.</param>
/// <param name="HasReplicas">Whether the cluster has replicas, for which Garnet needs its log.</param>
/// <param name="Password">What clients and other members must present, if anything.</param>
internal sealed record MemberSettings(int Port, string Directory, bool KeepsData, bool HasReplicas, string? Password);

/// <summary>How one member is started.</summary>
/// <param name="Program">The program: a path, or a name in PATH.</param>
/// <param name="Environment">The variables that it needs besides.</param>
/// <param name="SecretFile">A file that must exist before it starts: a password belongs there, where <c>ps</c> does not show
/// it.</param>
internal sealed record ServerCommand(
    string Program, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment, SecretFile? SecretFile);

/// <summary>A file that only the user may read.</summary>
internal sealed record SecretFile(string Path, string Text)
{
    public void Write() => PrivateFile.Write(Path, Text);

    /// <summary>Without the text, which is secret.</summary>
    public override string ToString() => Path;
}
