using System.Globalization;
using MonoRepo.ServiceDefaults.Redis;
using StackExchange.Redis;

namespace MonoRepo.ServiceDefaults.Quotas;

/// <summary>
/// A bucket of all replicas, in Redis. Calls are leased from it in batches of what this replica will use in the next
/// <see cref="s_ahead"/>, so that most calls ask nobody. What was leased is used within <see cref="s_leaseTime"/> or lost: never
/// are more calls accepted than the quota has.
/// </summary>
internal sealed class SharedBucket : Bucket
{
    /// <summary>
    /// The longest that a call waits for a Redis that is connected and silent, once: then Redis is away until it answers.
    /// </summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_ahead = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_leaseTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_retryDelay = TimeSpan.FromSeconds(1);

    // KEYS: the bucket. ARGV: calls per second, burst, most and fewest calls wanted. Returns calls leased, and thousandths of
    // calls left. By the clock of the server: those of replicas differ. One key, which goes away once it is full again.
    private const string Script =
        """
        local rate, burst, most, fewest = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'time')
        local tokens = burst
        if bucket[1] then
            tokens = math.min(burst, bucket[1] + math.max(0, now - bucket[2]) * rate / 1000000)
        end
        local leased = math.min(most, math.floor(tokens))
        if leased < fewest then
            leased = 0
        end
        tokens = tokens - leased
        redis.call('HSET', KEYS[1], 'tokens', string.format('%.6f', tokens), 'time', string.format('%.0f', now))
        redis.call('PEXPIRE', KEYS[1], math.ceil((burst - tokens) / rate * 1000) + 1000)
        return {leased, math.floor(tokens * 1000)}
        """;

    private readonly Lock _lock = new();
    private readonly Quota _quota;
    private readonly Func<IDatabase> _redis;
    private readonly RedisKey[] _key;
    private readonly TimeProvider _clock;
    private readonly Action<Exception> _onUnavailable;
    private readonly int _maxBatch;
    private Task? _pending;
    private long _leased;
    private long _answered;
    private long _demand;
    private long _asked;
    private double _left;
    private TimeSpan _wait;
    private bool _isUnavailable;

    public SharedBucket(Quota quota, Func<IDatabase> redis, string key, TimeProvider clock, Action<Exception> onUnavailable)
    {
        (_quota, _redis, _key, _clock, _onUnavailable) = (quota, redis, [key], clock, onUnavailable);
        _maxBatch = (int)Math.Clamp(quota.PerSecond * s_ahead.TotalSeconds, 1, quota.Burst);
        (_answered, _asked, _left) = (clock.GetTimestamp(), clock.GetTimestamp(), quota.Burst);
    }

    public override double Left
    {
        get
        {
            lock (_lock)
            {
                var since = _clock.GetElapsedTime(_answered);
                return (since < s_leaseTime ? _leased : 0) +
                    Math.Min(_quota.Burst, _left + (since.TotalSeconds * _quota.PerSecond));
            }
        }
    }

    public override bool IsIdle
    {
        get
        {
            lock (_lock)
            {
                return _pending is null && _clock.GetElapsedTime(_answered) > s_leaseTime
                    && _clock.GetElapsedTime(_asked) > s_leaseTime;
            }
        }
    }

    public override ValueTask<Verdict> TakeAsync(int cost)
    {
        Task pending;
        lock (_lock)
        {
            _demand += cost;
            if (TryTake(cost) is { } verdict)
            {
                return new(verdict);
            }

            pending = _pending!;
        }

        return WaitAsync(pending, cost);
    }

    private async ValueTask<Verdict> WaitAsync(Task pending, int cost)
    {
        while (true)
        {
            await pending;
            lock (_lock)
            {
                if (TryTake(cost) is { } verdict)
                {
                    return verdict;
                }

                pending = _pending!;
            }
        }
    }

    // Under the lock. None where Redis has to be asked, which is then under way.
    private Verdict? TryTake(int cost)
    {
        var since = _clock.GetElapsedTime(_answered);
        if (since >= s_leaseTime)
        {
            _leased = 0;
        }

        if (_leased >= cost)
        {
            _leased -= cost;
            if (_leased < _maxBatch / 2 && since >= _wait)
            {
                Ask(0);
            }

            return new(true);
        }

        if (since < _wait)
        {
            return _isUnavailable ? Unavailable() : new(false, _wait - since);
        }

        Ask(cost);
        return _isUnavailable ? Unavailable() : null;
    }

    private static Verdict Unavailable() => new(false, s_retryDelay, IsUnavailable: true);

    // With 0 only if some will be needed soon.
    private void Ask(int fewest)
    {
        var seconds = Math.Max(0.001, _clock.GetElapsedTime(_asked).TotalSeconds);
        var most = Math.Max(fewest, (int)Math.Min(_maxBatch, _demand / seconds * s_ahead.TotalSeconds));
        if (_pending is null && most > 0)
        {
            (_asked, _demand) = (_clock.GetTimestamp(), 0);

            // Not here: a caller of another thread may wait for the lock.
            _pending = Task.Run(() => AskAsync(most, fewest));
        }
    }

    // A command for a member that isn't connected would wait for it.
    private Task<RedisResult> LeaseAsync(RedisValue[] values) => _redis() is var redis && redis.IsConnected(_key[0])
        ? redis.ScriptEvaluateAsync(Script, _key, values)
        : throw new TimeoutException("Redis is not connected.");

    private async Task AskAsync(int most, int fewest)
    {
        try
        {
            // Making the first connection may block.
            RedisValue[] values = [_quota.PerSecond.ToString(CultureInfo.InvariantCulture), _quota.Burst, most, fewest];
            var answer = (long[])(await Task.Run(() => LeaseAsync(values)).WaitAsync(Timeout))!;
            lock (_lock)
            {
                // Of a batch that couldn't be had in full, the next one can once as much has flowed in.
                (_leased, _left) = (_leased + answer[0], answer[1] / 1000.0);
                _wait = answer[0] < most
                    ? TimeSpan.FromSeconds(Math.Max(0, Math.Max(_maxBatch, fewest) - _left) / _quota.PerSecond)
                    : TimeSpan.Zero;
                (_isUnavailable, _answered, _pending) = (false, _clock.GetTimestamp(), null);
            }
        }
        catch (Exception exception)
            when (exception is RedisException or ObjectDisposedException || exception.IsRedisUnavailable())
        {
            lock (_lock)
            {
                (_isUnavailable, _wait, _leased, _answered, _pending) = (true, s_retryDelay, 0, _clock.GetTimestamp(), null);
            }

            _onUnavailable(exception);
        }
    }
}
