namespace MonoRepo.Hosting;

/// <summary>When a write is on the disk of the member that acknowledged it.</summary>
public enum RedisDurability
{
    /// <summary>Within a second; the default.</summary>
    EverySecond,

    /// <summary>Before it is acknowledged; costs throughput.</summary>
    EveryWrite,

    /// <summary>Never: a cache, which starts empty after a loss of all members.</summary>
    None,
}
