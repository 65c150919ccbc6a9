namespace MonoRepo.Tests.Redis;

/// <summary>Which server a test's cluster is made of.</summary>
public enum RedisEngine
{
    /// <summary>Garnet, from the NuGet tool package.</summary>
    Garnet,

    /// <summary>The native redis-server on PATH.</summary>
    RedisServer,
}
