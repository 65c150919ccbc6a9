namespace MonoRepo.Hosting;

/// <summary>When something runs, and what happens when the last run is still going on.</summary>
/// <param name="Cron">Five fields: minute, hour, day of month, month, day of week.</param>
/// <param name="TimeZone">IANA name.</param>
/// <param name="Concurrency">Kubernetes' concurrencyPolicy.</param>
public sealed record Schedule(string Cron, string TimeZone = "Etc/UTC", ConcurrencyPolicy Concurrency = ConcurrencyPolicy.Forbid);

/// <summary>What happens when a run is due while the last one still runs.</summary>
public enum ConcurrencyPolicy
{
    /// <summary>The new one is skipped.</summary>
    Forbid,

    /// <summary>Both run.</summary>
    Allow,

    /// <summary>The old one is ended.</summary>
    Replace,
}
