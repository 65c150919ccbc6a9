namespace MonoRepo.ServiceDefaults.Redis;

/// <summary>How much of the cluster answers.</summary>
public enum RedisState
{
    /// <summary>Nothing answers.</summary>
    Away,

    /// <summary>Some shards answer: calls that need another one fail with UNAVAILABLE.</summary>
    Partial,

    /// <summary>Every shard answers.</summary>
    Ready,
}
