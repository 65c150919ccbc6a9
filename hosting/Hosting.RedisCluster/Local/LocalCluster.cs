using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace MonoRepo.Hosting.RedisCluster.Local;

/// <summary>What the members of one cluster are on this machine: their server, their folders, their ports.</summary>
internal sealed class LocalCluster(RedisClusterResource cluster, LocalRedisOptions options, string garnetPath) : IDisposable
{
    private MemberDirectories? directories;

    public RedisClusterResource Resource { get; } = cluster;

    public LocalRedisOptions Options { get; } = options;

    public int MemberCount => Resource.Shards * (1 + Options.ReplicasPerShard);

    public bool KeepsData => Directories.IsKept;

    private MemberDirectories Directories => directories
        ?? throw new InvalidOperationException($"The folders of '{Resource.Name}' are chosen when the application starts.");

    /// <summary>Chooses folders and ports, now that all is known that the graph says. Writes nothing.</summary>
    public void Choose(string appHostDirectory, IConfiguration configuration)
    {
        var isKept = Resource.Annotations.OfType<ContainerMountAnnotation>().Any();

        // An isolated run, as tests are, must neither see nor touch the data of the developer's own.
        var isIsolated = configuration.GetValue("DcpPublisher:RandomizePorts", false);
        directories = isKept && !isIsolated ? MemberDirectories.Kept(appHostDirectory, Resource, Options) : MemberDirectories.Temporary();
        foreach (var member in Resource.Members)
        {
            var endpoint = ClusterMembers.EndpointOf(member);
            endpoint.Port = endpoint.TargetPort = Directories.KnownPort(member.Name) ?? FreePorts.Next();
        }
    }

    /// <summary>Makes all ready for the start of a member.</summary>
    /// <exception cref="DistributedApplicationException">The server is not installed, or its data is in use.</exception>
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
                "redis-server is not on PATH. Install it (Debian, Ubuntu: apt install redis-server), or run without --redis redis-server.");
        }

        Directories.Prepare(member.Name, ClusterMembers.PortOf(member));
        var command = await CommandAsync(member, cancellationToken).ConfigureAwait(false);
        command.SecretFile?.Write();
    }

    /// <summary>The command that runs a member.</summary>
    public async Task<ServerCommand> CommandAsync(IResourceWithEndpoints member, CancellationToken cancellationToken)
    {
        var settings = new MemberSettings(
            ClusterMembers.PortOf(member),
            Directories.Of(member.Name),
            KeepsData,
            Options.ReplicasPerShard > 0,
            await ClusterMembers.PasswordAsync(Resource, cancellationToken).ConfigureAwait(false));
        return Options.Server == RedisServerKind.Garnet ? GarnetServer.Command(garnetPath, settings) : RedisServer.Command(settings);
    }

    public void Dispose() => directories?.Dispose();
}
