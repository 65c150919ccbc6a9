using System.Diagnostics.Metrics;
using System.Threading.RateLimiting;
using MonoRepo.ServiceDefaults.Calls;

namespace MonoRepo.ServiceDefaults.Overload;

/// <summary>A call that wants in.</summary>
/// <param name="Criticality">How much it matters.</param>
/// <param name="TimeLeft">Until its deadline.</param>
/// <param name="Method">Whose durations it is judged by; none for a stream, whose duration says nothing.</param>
internal readonly record struct IncomingCall(Criticality Criticality, TimeSpan TimeLeft, MethodDuration? Method);

/// <summary>
/// Lets as many calls in as <see cref="GradientLimit"/> says. The others wait in a bounded queue: the most critical go first; of
/// the same criticality the oldest, or the newest once the oldest has waited for half of its time: its caller is about to give up
/// anyway.
/// </summary>
internal sealed class AdaptiveConcurrencyLimiter : RateLimiter
{
    private static readonly TimeSpan s_sweepInterval = TimeSpan.FromMilliseconds(10);

    private readonly Lock _lock = new();
    private readonly OverloadOptions _options;
    private readonly TimeProvider _clock;
    private readonly GradientLimit _limit;
    private readonly LinkedList<Waiter>[] _queues = [new(), new(), new(), new()];
    private readonly ITimer _sweep;
    private readonly Counter<long> _shed;
    private int _inFlight;
    private int _queued;
    private long _admitted;
    private long _refused;
    private bool _isSweeping;

    public AdaptiveConcurrencyLimiter(OverloadOptions options, TimeProvider clock, IMeterFactory meters)
    {
        (_options, _clock, _limit) = (options, clock, new(options, clock));
        _sweep = clock.CreateTimer(_ => Sweep(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var meter = meters.Create("MonoRepo.Overload");
        meter.CreateObservableGauge("overload.limit", () => _limit.Value, "{call}", "Calls that are let in at once.");
        meter.CreateObservableGauge("overload.in_flight", () => _inFlight, "{call}", "Calls that were let in and are at work.");
        meter.CreateObservableGauge("overload.queued", () => _queued, "{call}", "Calls that wait to be let in.");
        _shed = meter.CreateCounter<long>("overload.shed", "{call}", "Calls refused.");

        // Series that are there before their first call: of a series that begins with 1 a rate sees no increase.
        foreach (var criticality in Enum.GetValues<Criticality>())
        {
            foreach (var reason in (ShedReason[])[ShedReason.QueueFull, ShedReason.QueueTime, ShedReason.Deadline])
            {
                CountShed(0, criticality, reason);
            }
        }
    }

    public override TimeSpan? IdleDuration => null;

    public ValueTask<CallLease> AdmitAsync(IncomingCall call, CancellationToken cancellationToken)
    {
        Waiter waiter;
        lock (_lock)
        {
            if (_queued == 0 && _inFlight < _limit.Value)
            {
                return new(Admit(call));
            }

            var alone = call.Method?.Alone ?? TimeSpan.Zero;
            if (call.TimeLeft < (_limit.Mean * CountAhead(call.Criticality) / _limit.Value) + alone)
            {
                return new(Refuse(call, ShedReason.Deadline));
            }

            if (_queued >= _options.QueueLimit && !PushOut(call.Criticality))
            {
                return new(Refuse(call, ShedReason.QueueFull));
            }

            var isDeadline = call.TimeLeft - alone < _options.QueueTime;
            waiter = new(call, _clock.GetTimestamp(), isDeadline ? call.TimeLeft - alone : _options.QueueTime, isDeadline);
            Enqueue(waiter);
        }

        return WaitAsync(waiter, cancellationToken);
    }

    public override RateLimiterStatistics GetStatistics()
    {
        lock (_lock)
        {
            return new()
            {
                CurrentAvailablePermits = Math.Max(0, _limit.Value - _inFlight),
                CurrentQueuedCount = _queued,
                TotalSuccessfulLeases = _admitted,
                TotalFailedLeases = _refused,
            };
        }
    }

    internal void Release(IncomingCall call, long start, bool isSample)
    {
        lock (_lock)
        {
            if (isSample && call.Method is { } method)
            {
                _limit.Add(method, _clock.GetElapsedTime(start), _inFlight);
            }

            _inFlight--;
            while (_queued > 0 && _inFlight < _limit.Value)
            {
                var waiter = Next();
                waiter.SetResult(waiter.HasExpired(_clock) ? Refuse(waiter.Call, waiter.Reason) : Admit(waiter.Call));
            }
        }
    }

    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        var call = new IncomingCall(Criticality.Critical, TimeSpan.MaxValue, null);
        lock (_lock)
        {
            return _queued == 0 && _inFlight < _limit.Value ? Admit(call) : Refuse(call, ShedReason.QueueFull);
        }
    }

    protected override async ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) =>
        await AdmitAsync(new(Criticality.Critical, TimeSpan.MaxValue, null), cancellationToken);

    protected override void Dispose(bool disposing) => _sweep.Dispose();

    private async ValueTask<CallLease> WaitAsync(Waiter waiter, CancellationToken cancellationToken)
    {
        using (cancellationToken.UnsafeRegister(_ => GiveUp(waiter), null))
        {
            return await waiter.Task;
        }
    }

    private CallLease Admit(IncomingCall call)
    {
        _inFlight++;
        _admitted++;
        return new(this, call, _clock.GetTimestamp());
    }

    private void CountShed(int calls, Criticality criticality, ShedReason reason) =>
        _shed.Add(calls, new("criticality", CallContextBaggage.NameOf(criticality)), new("reason", reason.Name()));

    private CallLease Refuse(IncomingCall call, ShedReason reason)
    {
        _refused++;
        CountShed(1, call.Criticality, reason);
        return new(reason, _options.RetryDelay * (0.5 + Random.Shared.NextDouble()));
    }

    private int CountAhead(Criticality criticality)
    {
        var count = IsOverloaded((int)criticality) ? 0 : _queues[(int)criticality].Count;
        for (var higher = (int)criticality + 1; higher < _queues.Length; higher++)
        {
            count += _queues[higher].Count;
        }

        return count;
    }

    // Each for itself: while critical calls are no more than the server can do, the oldest of them needn't wait for the newest.
    private bool IsOverloaded(int criticality) =>
        _queues[criticality].First is { Value: var oldest } && _clock.GetElapsedTime(oldest.Start) > oldest.MaxWait / 2;

    private void Enqueue(Waiter waiter)
    {
        _queues[(int)waiter.Call.Criticality].AddLast(waiter.Node);
        _queued++;
        if (!_isSweeping)
        {
            _isSweeping = _sweep.Change(s_sweepInterval, s_sweepInterval);
        }
    }

    private void Remove(Waiter waiter)
    {
        _queues[(int)waiter.Call.Criticality].Remove(waiter.Node);
        _queued--;
    }

    private Waiter Next()
    {
        var criticality = Array.FindLastIndex(_queues, queue => queue.Count > 0);
        var waiter = (IsOverloaded(criticality) ? _queues[criticality].Last : _queues[criticality].First)!.Value;
        Remove(waiter);
        return waiter;
    }

    /// <summary>
    /// Makes room by refusing the call that has waited longest of those that matter least, if they matter no more than the new
    /// one.
    /// </summary>
    private bool PushOut(Criticality criticality)
    {
        for (var least = 0; least <= (int)criticality; least++)
        {
            if (_queues[least].First is { Value: var waiter })
            {
                Remove(waiter);
                waiter.SetResult(Refuse(waiter.Call, ShedReason.QueueFull));
                return true;
            }
        }

        return false;
    }

    private void GiveUp(Waiter waiter)
    {
        lock (_lock)
        {
            // Without a list it has its answer already.
            if (waiter.Node.List is not null)
            {
                Remove(waiter);
                waiter.SetResult(new(ShedReason.Cancelled, TimeSpan.Zero));
            }
        }
    }

    private void Sweep()
    {
        lock (_lock)
        {
            foreach (var queue in _queues)
            {
                for (var node = queue.First; node is not null;)
                {
                    var waiter = node.Value;
                    node = node.Next;
                    if (waiter.HasExpired(_clock))
                    {
                        Remove(waiter);
                        waiter.SetResult(Refuse(waiter.Call, waiter.Reason));
                    }
                }
            }

            if (_queued == 0)
            {
                _sweep.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _isSweeping = false;
            }
        }
    }

    private sealed class Waiter : TaskCompletionSource<CallLease>
    {
        public Waiter(IncomingCall call, long start, TimeSpan maxWait, bool isDeadline) : base(
            TaskCreationOptions.RunContinuationsAsynchronously)
        {
            (Call, Start, MaxWait, Reason) = (call, start, maxWait, isDeadline ? ShedReason.Deadline : ShedReason.QueueTime);
            Node = new(this);
        }

        public IncomingCall Call { get; }

        public long Start { get; }

        /// <summary>How long it waits at most.</summary>
        public TimeSpan MaxWait { get; }

        /// <summary>Why it is refused when it has waited for too long.</summary>
        public ShedReason Reason { get; }

        public LinkedListNode<Waiter> Node { get; }

        public bool HasExpired(TimeProvider clock) => clock.GetElapsedTime(Start) >= MaxWait;
    }
}

/// <summary>Why a call was refused.</summary>
internal enum ShedReason
{
    None,
    QueueFull,
    QueueTime,
    Deadline,

    /// <summary>The caller left while the call waited; nobody gets the answer, and it doesn't count.</summary>
    Cancelled,
}

internal static class ShedReasons
{
    public static string Name(this ShedReason reason) => reason switch
    {
        ShedReason.QueueFull => "queue_full",
        ShedReason.QueueTime => "queue_time",
        ShedReason.Deadline => "deadline",
        _ => "",
    };
}

/// <summary>The right to be at work, or why there is none.</summary>
internal sealed class CallLease : RateLimitLease
{
    private readonly AdaptiveConcurrencyLimiter? _limiter;
    private readonly IncomingCall _call;
    private readonly long _start;
    private int _released;

    public CallLease(AdaptiveConcurrencyLimiter limiter, IncomingCall call, long start) =>
        (_limiter, _call, _start) = (limiter, call, start);

    public CallLease(ShedReason reason, TimeSpan retryAfter) => (Reason, RetryAfter) = (reason, retryAfter);

    public ShedReason Reason { get; }

    public TimeSpan RetryAfter { get; }

    public override bool IsAcquired => _limiter is not null;

    public override IEnumerable<string> MetadataNames => IsAcquired
        ? []
        : [MetadataName.RetryAfter.Name, MetadataName.ReasonPhrase.Name];

    public override bool TryGetMetadata(string metadataName, out object? metadata)
    {
        metadata = metadataName == MetadataName.RetryAfter.Name ? RetryAfter
            : metadataName == MetadataName.ReasonPhrase.Name ? Reason.Name()
            : null;
        return !IsAcquired && metadata is not null;
    }

    /// <summary>Gives the place to the next.</summary>
    /// <param name="isSample">Whether the call did its work, so that its duration says how loaded the server is.</param>
    public void Release(bool isSample)
    {
        if (_limiter is not null && Interlocked.Exchange(ref _released, 1) == 0)
        {
            _limiter.Release(_call, _start, isSample);
        }
    }

    protected override void Dispose(bool disposing) => Release(isSample: false);
}
