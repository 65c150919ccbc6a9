using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MonoRepo.ServiceDefaults.Grpc;
using StackExchange.Redis;

namespace MonoRepo.ServiceDefaults.Quotas;

/// <summary>Why a call is refused.</summary>
internal sealed record QuotaRefusal(Quota Quota, string Partition, TimeSpan RetryAfter, bool IsUnavailable);

/// <summary>The quotas of a service, and what is left of them.</summary>
internal sealed partial class QuotaSet
{
    private readonly PartitionedQuota[] _quotas;
    private long _logged;

    public QuotaSet(IReadOnlyList<Quota> quotas, string service, IServiceProvider services)
    {
        var clock = services.GetRequiredService<TimeProvider>();
        var logger = services.GetRequiredService<ILogger<QuotaSet>>();
        var meter = services.GetRequiredService<IMeterFactory>().Create("MonoRepo.Quotas");
        var checks = new CallCounter(meter, "quota.checks", "{call}", "Calls that a quota accepted or refused.");
        var unavailable = new CallCounter(
            meter, "quota.unavailable", "{call}", "Calls accepted or refused unchecked, as Redis was away.");
        if (!services.GetRequiredService<IServiceProviderIsService>().IsService(typeof(IConnectionMultiplexer))
            && quotas.FirstOrDefault(quota => quota.IsShared) is { } shared)
        {
            throw new ConfigurationException(
                $"The quota '{shared.Name}' is shared, which needs Redis: call AddRedisClient, or set " +
                $"{Quota.Section}__{shared.Name}__Scope=replica.");
        }

        _quotas = [.. quotas.Select(quota => new PartitionedQuota(
            quota, partition => quota.IsShared ? Shared(quota, partition) : new LocalBucket(quota), clock, checks, unavailable))];

        // The braces keep all of a bucket in one slot of the cluster.
        SharedBucket Shared(Quota quota, string partition) => new(
            quota, () => services.GetRequiredService<IConnectionMultiplexer>().GetDatabase(),
            $"quota:{{{service}:{quota.Name}:{partition}}}", clock,
            exception => LogUnavailable(logger, quota, exception, clock));
    }

    public IEnumerable<Quota> All => _quotas.Select(quota => quota.Quota);

    /// <summary>Charges a call to all quotas that apply, until one refuses it.</summary>
    /// <returns>None if it is accepted.</returns>
    public async ValueTask<QuotaRefusal?> ChargeAsync(QuotaCall call, int cost = 1)
    {
        foreach (var quota in _quotas)
        {
            if (quota.Quota.IsFor(call.Method) && quota.Quota.PartitionOf(call) is { } partition
                && await quota.TakeAsync(partition, cost) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    /// <summary>What is left of a quota; a partition that wasn't seen has all.</summary>
    public double LeftOf(Quota quota, string partition) =>
        _quotas.First(q => q.Quota == quota).Find(partition)?.Left ?? quota.Burst;

    public IEnumerable<(Quota Quota, string Partition, Bucket Bucket)> Usage() =>
        _quotas.SelectMany(quota => quota.Buckets.Select(bucket => (quota.Quota, bucket.Key, bucket.Value)));

    // A line for each of ten thousand partitions would help nobody.
    private void LogUnavailable(ILogger logger, Quota quota, Exception exception, TimeProvider clock)
    {
        var (last, now) = (Volatile.Read(ref _logged), clock.GetTimestamp());
        if ((last == 0 || clock.GetElapsedTime(last, now) > TimeSpan.FromSeconds(10))
            && Interlocked.CompareExchange(ref _logged, now, last) == last)
        {
            LogUnavailable(logger, quota.Name, quota.FailsOpen ? "accepted" : "refused", exception.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The quota {Quota} can't be checked; calls are {Answer} meanwhile. {Reason}")]
    private static partial void LogUnavailable(ILogger logger, string quota, string answer, string reason);
}

/// <summary>
/// The buckets of a quota. At most <see cref="MaxPartitions"/>, so that nobody fills the memory by making tenants up: those that
/// are too many share one. <c>PartitionedRateLimiter</c> has no such bound, and doesn't tell what it holds.
/// </summary>
internal sealed class PartitionedQuota(
    Quota quota, Func<string, Bucket> create, TimeProvider clock, CallCounter checks, CallCounter unavailable)
{
    public const int MaxPartitions = 10_000;
    private const string Others = "(others)";

    private readonly ConcurrentDictionary<string, Bucket> _buckets = new();
    private readonly Outcomes _checks = new(checks, quota.Name);
    private readonly Outcomes _unavailable = new(unavailable, quota.Name);
    private int _count;
    private long _swept;

    public Quota Quota => quota;

    public IEnumerable<KeyValuePair<string, Bucket>> Buckets => _buckets;

    public Bucket? Find(string partition) => _buckets.GetValueOrDefault(partition);

    public async ValueTask<QuotaRefusal?> TakeAsync(string partition, int cost)
    {
        var bucket = _buckets.TryGetValue(partition, out var known) ? known : Add(partition);
        var verdict = await bucket.TakeAsync(cost);
        var isAccepted = verdict.IsAccepted || (verdict.IsUnavailable && quota.FailsOpen);
        (verdict.IsUnavailable ? _unavailable : _checks).Count(isAccepted);
        bucket.Count(cost, isAccepted);
        return isAccepted ? null : new(quota, partition, verdict.RetryAfter, verdict.IsUnavailable);
    }

    private Bucket Add(string partition)
    {
        if (Volatile.Read(ref _count) >= MaxPartitions)
        {
            Sweep();
            partition = Volatile.Read(ref _count) >= MaxPartitions ? Others : partition;
        }

        if (_buckets.TryGetValue(partition, out var known))
        {
            return known;
        }

        var bucket = create(partition);
        if (!_buckets.TryAdd(partition, bucket))
        {
            return _buckets.GetValueOrDefault(partition) ?? bucket;
        }

        Interlocked.Increment(ref _count);
        return bucket;
    }

    // At most once a second: who makes names up shouldn't make us search, either.
    private void Sweep()
    {
        var (last, now) = (Volatile.Read(ref _swept), clock.GetTimestamp());
        if ((last == 0 || clock.GetElapsedTime(last, now) > TimeSpan.FromSeconds(1))
            && Interlocked.CompareExchange(ref _swept, now, last) == last)
        {
            foreach (var bucket in _buckets)
            {
                if (bucket.Value.IsIdle && _buckets.TryRemove(bucket))
                {
                    Interlocked.Decrement(ref _count);
                }
            }
        }
    }

    private sealed class Outcomes(CallCounter counter, string quota)
    {
        private readonly CallCounter.Series _accepted = counter.Create(new("quota", quota), new("result", "accepted"));
        private readonly CallCounter.Series _refused = counter.Create(new("quota", quota), new("result", "refused"));

        public void Count(bool isAccepted) => (isAccepted ? _accepted : _refused).Increment();
    }
}
