using System.Threading.RateLimiting;
using MonoRepo.Notifier.Channels;

namespace MonoRepo.Notifier.Sending;

/// <summary>
/// Sends what is queued for one receiver, from the one replica that has the lease. An entry leaves the queue once the channel has
/// taken it; who takes the lease over begins with what was left.
/// </summary>
internal sealed partial class Sender : BackgroundService
{
    private const int MaxHeld = 1000;
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_leaseInterval = TimeSpan.FromSeconds(1);

    private readonly string _receiver;
    private readonly IChannel _channel;
    private readonly NotifierOptions _options;
    private readonly NotificationQueue _queue;
    private readonly UnqueuedPages _unqueued;
    private readonly DeliveryMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly QuietHours? _quiet;
    private readonly TokenBucketRateLimiter _rate;

    private readonly List<QueuedNotification> _held = [];

    /// <summary>What the channel took and Redis doesn't know yet, since it was away.</summary>
    private readonly Dictionary<string, QueuedNotification> _sent = [];

    private long? _leased;
    private DateTimeOffset _notBefore;
    private int _failures;
    private long? _redisAway;

    public Sender(
        string receiver, ReceiverOptions settings, IChannel channel, NotifierOptions options, NotificationQueue queue,
        UnqueuedPages unqueued, DeliveryMetrics metrics, TimeProvider clock, ILogger<Sender> logger)
    {
        (_receiver, _channel, _options, _queue, _unqueued) = (receiver, channel, options, queue, unqueued);
        (_metrics, _clock, _logger) = (metrics, clock, logger);
        _quiet = settings.Quiet?.Read();
        _rate = new(new() { TokenLimit = settings.Rate.Burst, TokensPerPeriod = 1, ReplenishmentPeriod = settings.Rate.Period });
    }

    private long Permits => _rate.GetStatistics()!.CurrentAvailablePermits;

    public override void Dispose()
    {
        _rate.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // First, because a replica that claims these entries would send them again.
                await ForgetSentAsync();
                if (await TryLeaseAsync())
                {
                    await SendDueAsync(stoppingToken);
                }

                if (_redisAway is not null)
                {
                    _redisAway = null;
                    _unqueued.Forget(_receiver);
                }
            }
            catch (Exception exception) when (NotificationQueue.IsAway(exception))
            {
                _leased = null;
                if (_redisAway is null)
                {
                    _redisAway = _clock.GetTimestamp();
                    RedisAway(_receiver, exception.Message);
                }

                await TellUnqueuedAsync(stoppingToken);
            }

            await Task.Delay(_leased is null && _sent.Count == 0 ? s_leaseInterval : s_interval, _clock, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _channel.DisposeAsync();
        if (_leased is not null)
        {
            await _queue.ReleaseAsync(_receiver).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> TryLeaseAsync()
    {
        if (_leased is { } since && _clock.GetElapsedTime(since) < _options.Lease / 3)
        {
            return true;
        }

        var isNew = _leased is null;
        var start = _clock.GetTimestamp();
        if (!await _queue.LeaseAsync(_receiver, _options.Lease))
        {
            if (!isNew)
            {
                _leased = null;
                _held.Clear();
                _metrics.HideQueue(_receiver);
                await _channel.DisposeAsync();
            }

            return false;
        }

        if (isNew)
        {
            _held.Clear();
            _held.AddRange(await _queue.ClaimAsync(_receiver));
        }

        _leased = start;
        return true;
    }

    private async Task SendDueAsync(CancellationToken stopping)
    {
        if (_held.Count < MaxHeld)
        {
            _held.AddRange(await _queue.ReadAsync(_receiver));
        }

        foreach (var told in _held.Where(one => _unqueued.IsTold(_receiver, one.Notification)))
        {
            _sent.TryAdd(told.Entry, told);
        }

        await ForgetSentAsync();

        var now = _clock.GetUtcNow();
        if (_held.FindAll(one => DueAt(one) + _options.GiveUpAfter < now) is { Count: > 0 } expired)
        {
            await GiveUpAsync(expired, "expired", $"It could not be sent for {_options.GiveUpAfter}.");
        }

        ShowQueue();
        if (now < _notBefore || !await OpenAsync())
        {
            return;
        }

        foreach (var delivery in DeliveryPlan.Make(_held, now, Permits, _quiet))
        {
            if (stopping.IsCancellationRequested || !await TryLeaseAsync() || !await SendAsync(delivery))
            {
                break;
            }
        }

        ShowQueue();
    }

    // Not at once: a failover of Redis takes seconds, after which the queue tells everything once.
    private async Task TellUnqueuedAsync(CancellationToken stopping)
    {
        var now = _clock.GetUtcNow();
        if (_clock.GetElapsedTime(_redisAway!.Value) < _options.RedisGracePeriod || now < _notBefore
            || _unqueued.Untold(_receiver) is not { Count: > 0 } pages || !await OpenAsync())
        {
            return;
        }

        var entries = pages.Select(page => new QueuedNotification(page.Id, page));
        foreach (var delivery in DeliveryPlan.Make(entries, now, Permits, _quiet))
        {
            var problem = await TrySendAsync(delivery);
            if (stopping.IsCancellationRequested || problem is not (null or ChannelException { IsFinal: true }))
            {
                return;
            }

            if (problem is not null)
            {
                _metrics.Count(_receiver, "refused", delivery.Parts.Count);
                GivenUp(_receiver, delivery.Parts.Count, delivery.Message.Title, problem.Message);
            }

            foreach (var part in delivery.Parts)
            {
                _unqueued.SetTold(_receiver, part.Notification);
            }
        }
    }

    private async Task<bool> OpenAsync()
    {
        using var limit = new CancellationTokenSource(_options.Lease / 2, _clock);
        try
        {
            await _channel.OpenAsync(limit.Token);
            return true;
        }
        catch (Exception exception)
        {
            Postpone(exception, limit.IsCancellationRequested, _held.Count(one => DueAt(one) <= _clock.GetUtcNow()));
            return false;
        }
    }

    /// <summary>False where nothing else can be sent for now.</summary>
    private async Task<bool> SendAsync(Delivery delivery)
    {
        switch (await TrySendAsync(delivery))
        {
            case null:
                foreach (var part in delivery.Parts)
                {
                    _sent.Add(part.Entry, part);
                }

                await ForgetSentAsync();
                return true;
            case ChannelException { IsFinal: true } refusal:
                await GiveUpAsync(delivery.Parts, "refused", refusal.Message);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Null where the channel has taken it; what isn't refused for good is tried again after a pause.</summary>
    private async Task<Exception?> TrySendAsync(Delivery delivery)
    {
        // It ends while the lease lasts; and it isn't cut short by the end of the process, or nobody knew whether it was sent.
        using var limit = new CancellationTokenSource(_options.Lease / 2, _clock);
        try
        {
            await _channel.SendAsync(delivery.Message, limit.Token);
        }
        catch (ChannelException exception) when (exception.IsFinal)
        {
            return exception;
        }
        catch (Exception exception)
        {
            Postpone(exception, limit.IsCancellationRequested, delivery.Parts.Count);
            return exception;
        }

        _failures = 0;
        _rate.AttemptAcquire();
        _metrics.Count(_receiver, "sent", delivery.Parts.Count);
        return null;
    }

    private async Task ForgetSentAsync()
    {
        _held.RemoveAll(one => _sent.ContainsKey(one.Entry));
        if (_sent.Count > 0)
        {
            await _queue.CompleteAsync(_receiver, _sent.Values);
            _sent.Clear();
        }
    }

    private async Task GiveUpAsync(IReadOnlyList<QueuedNotification> lost, string result, string reason)
    {
        await _queue.GiveUpAsync(_receiver, lost, reason);
        _held.RemoveAll(lost.Contains);
        _metrics.Count(_receiver, result, lost.Count);
        GivenUp(_receiver, lost.Count, lost[0].Notification.Title, reason);
    }

    // The pause is doubled each time, less up to half of it, so that receivers of one server don't come back all at once.
    private void Postpone(Exception exception, bool isLate, int count)
    {
        _metrics.Count(_receiver, "retried", count);
        var most = Math.Min(_options.RetryDelay.Ticks * Math.Pow(2, _failures++), _options.MaxRetryDelay.Ticks);
        var pause = TimeSpan.FromTicks((long)(most * (1 - (Random.Shared.NextDouble() / 2))));
        pause = exception is ChannelException { RetryAfter: { } asked } && asked > pause ? asked : pause;
        _notBefore = _clock.GetUtcNow() + pause;
        TryAgain(_receiver, pause, isLate ? "It took too long." : exception.Message);
    }

    private DateTimeOffset DueAt(QueuedNotification one) => _quiet?.DueAt(one.Notification) ?? one.Notification.Since;

    private void ShowQueue() => _metrics.ShowQueue(_receiver, _held.Count, _held.Count > 0 ? _held.Min(DueAt) : null);

    [LoggerMessage(1, LogLevel.Warning, "{Receiver} can't be told; the next attempt is in {Pause}: {Problem}")]
    private partial void TryAgain(string receiver, TimeSpan pause, string problem);

    [LoggerMessage(2, LogLevel.Error, "{Count} notifications to {Receiver} were given up, the first of them '{Title}': {Reason}")]
    private partial void GivenUp(string receiver, int count, string title, string reason);

    [LoggerMessage(
        3, LogLevel.Warning, "The queue of {Receiver} can't be read now (it is a Stream, which Garnet lacks): {Problem}")]
    private partial void RedisAway(string receiver, string problem);
}
