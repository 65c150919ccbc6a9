using System.Globalization;
using Aspire.Hosting;
using Microsoft.Extensions.Configuration;

namespace MonoRepo.Hosting.RedisCluster.Local;

/// <summary>What the members of a local cluster are.</summary>
internal enum RedisServerKind
{
    /// <summary>Garnet, as processes. The default: it needs nothing that NuGet does not bring.</summary>
    Garnet,

    /// <summary>The native redis-server on PATH, as processes.</summary>
    RedisServer,

    /// <summary>Containers, as AddRedis makes them.</summary>
    Container,
}

/// <summary>How clusters are run on this machine, whatever the graph says about deployment.</summary>
/// <param name="Server"><c>Redis:Server</c>: garnet (default), redis-server or container.</param>
/// <param name="ReplicasPerShard"><c>Redis:ReplicasPerShard</c>: 0 (default) or more.</param>
/// <param name="Reset"><c>Redis:Reset</c>: true to forget kept data before the start.</param>
internal sealed record LocalRedisOptions(RedisServerKind Server, int ReplicasPerShard, bool Reset)
{
    public const string ServerKey = "Redis:Server";
    public const string ReplicasKey = "Redis:ReplicasPerShard";
    public const string ResetKey = "Redis:Reset";

    /// <summary>The names that <see cref="ServerKey"/> takes, in the order of <see cref="RedisServerKind"/>.</summary>
    public static readonly string[] ServerNames = ["garnet", "redis-server", "container"];

    public string ServerName => ServerNames[(int)Server];

    /// <exception cref="DistributedApplicationException">A value is none of those allowed.</exception>
    public static LocalRedisOptions Read(IConfiguration configuration) => new(
        ReadServer(configuration[ServerKey]),
        ReadReplicas(configuration[ReplicasKey]),
        string.Equals(configuration[ResetKey], "true", StringComparison.OrdinalIgnoreCase));

    private static RedisServerKind ReadServer(string? value)
    {
        var index = value is null or ""
            ? 0
            : Array.FindIndex(ServerNames, n => n.Equals(value, StringComparison.OrdinalIgnoreCase));
        return index >= 0
            ? (RedisServerKind)index
            : throw new DistributedApplicationException(
                $"{ServerKey} is '{value}'; it must be one of {string.Join(", ", ServerNames)}.");
    }

    private static int ReadReplicas(string? value)
    {
        if (value is null or "")
        {
            return 0;
        }

        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var replicas)
            && replicas <= RedisClusterResource.MaxReplicasPerShard
            ? replicas
            : throw new DistributedApplicationException(
                $"{ReplicasKey} is '{value}'; it must be a number from 0 to {RedisClusterResource.MaxReplicasPerShard}.");
    }
}
