using System.Threading.RateLimiting;

namespace MonoRepo.ServiceDefaults.Quotas;

/// <summary>Whether a call is accepted.</summary>
/// <param name="IsAccepted">Whether it is.</param>
/// <param name="RetryAfter">When the next one may be; where it isn't.</param>
/// <param name="IsUnavailable">Whether Redis couldn't be asked.</param>
internal readonly record struct Verdict(bool IsAccepted, TimeSpan RetryAfter = default, bool IsUnavailable = false);

/// <summary>What one partition has left of a quota.</summary>
internal abstract class Bucket
{
    private long _accepted;
    private long _refused;

    public long Accepted => Volatile.Read(ref _accepted);

    public long Refused => Volatile.Read(ref _refused);

    /// <summary>How many calls would be accepted at once.</summary>
    public abstract double Left { get; }

    /// <summary>Whether nothing is lost if it is forgotten.</summary>
    public abstract bool IsIdle { get; }

    public abstract ValueTask<Verdict> TakeAsync(int cost);

    public void Count(int cost, bool isAccepted) => Interlocked.Add(ref isAccepted ? ref _accepted : ref _refused, cost);
}

/// <summary>
/// A bucket of this replica. It is filled when it is asked, not by a timer: the platform's replenishes ten times a second at the
/// most.
/// </summary>
internal sealed class LocalBucket(Quota quota) : Bucket, IDisposable
{
    private readonly TokenBucketRateLimiter _limiter = new(new()
    {
        TokenLimit = quota.Burst,
        TokensPerPeriod = TokensPerPeriod(quota),
        ReplenishmentPeriod = TimeSpan.FromSeconds(TokensPerPeriod(quota) / quota.PerSecond),
        AutoReplenishment = false,
    });

    public override double Left
    {
        get
        {
            _limiter.TryReplenish();
            return _limiter.GetStatistics()!.CurrentAvailablePermits;
        }
    }

    public override bool IsIdle => _limiter.TryReplenish() && _limiter.IdleDuration is not null;

    public override ValueTask<Verdict> TakeAsync(int cost)
    {
        _limiter.TryReplenish();
        using var lease = _limiter.AttemptAcquire(cost);
        return new(lease.IsAcquired
            ? new Verdict(true)
            : new(false, lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.Zero));
    }

    public void Dispose() => _limiter.Dispose();

    // A period is a whole number of 100 ns: a millisecond keeps the rate exact enough.
    private static int TokensPerPeriod(Quota quota) => Math.Min(quota.Burst, (int)Math.Ceiling(quota.PerSecond / 1000));
}
