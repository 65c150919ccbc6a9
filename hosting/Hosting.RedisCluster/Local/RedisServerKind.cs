namespace MonoRepo.Hosting.RedisCluster.Local;

/// <summary>What the members of a local cluster are.</summary>
internal enum RedisServerKind
{
    /// <summary>Garnet, as processes. The default: it needs nothing that NuGet does not bring.</summary>
    Garnet,

    /// <summary>The native redis-server on PATH, as processes.</summary>
    RedisServer,

    /// <summary>The official image, as containers.</summary>
    Container,
}
