namespace MonoRepo.ServiceDefaults.Overload;

/// <summary>
/// How many calls at once are good: as long as calls take about as long as they do alone, more; once they take longer, because
/// they wait for each other, fewer. It is the gradient algorithm of Netflix' concurrency-limits with one difference: durations
/// are compared with those of the same method, so that a mix of fast and slow methods is no overload. Its caller holds a lock.
/// </summary>
internal sealed class GradientLimit(OverloadOptions options, TimeProvider clock)
{
    private const int LeastCalls = 20;
    private static readonly TimeSpan s_window = TimeSpan.FromMilliseconds(100);

    private readonly List<MethodDuration> _methods = [];
    private double _limit = Math.Clamp(options.InitialLimit, options.MinLimit, options.MaxLimit);
    private long _start = clock.GetTimestamp();
    private int _calls;
    private int _peak;

    public int Value => (int)_limit;

    /// <summary>What a call took in the last window.</summary>
    public TimeSpan Mean { get; private set; }

    /// <summary>Takes a call that ended well into account.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="duration">From when it was let in.</param>
    /// <param name="inFlight">How many there were at once, itself included.</param>
    public void Add(MethodDuration method, TimeSpan duration, int inFlight)
    {
        if (method.Add(duration))
        {
            _methods.Add(method);
        }

        _peak = Math.Max(_peak, inFlight);
        if (++_calls >= LeastCalls && clock.GetElapsedTime(_start) >= s_window)
        {
            Update();
            _methods.Clear();
            (_start, _calls, _peak) = (clock.GetTimestamp(), 0, 0);
        }
    }

    private void Update()
    {
        // Durations are learnt where calls can't have waited for each other. Under lasting overload they would creep up, and the
        // limit with them.
        var isUnloaded = _peak <= Math.Max(options.MinLimit, _limit / 2);
        var (actual, alone) = (TimeSpan.Zero, TimeSpan.Zero);
        foreach (var method in _methods)
        {
            var (sum, expected) = method.EndWindow(isUnloaded, options.MinDuration);
            actual += sum;
            alone += expected;
        }

        Mean = actual / _calls;

        // Calls that were far from the limit say nothing about it.
        if (_peak * 2 < _limit || actual == TimeSpan.Zero)
        {
            return;
        }

        // The square root is room for bursts, and what the limit grows by.
        var target = (_limit * Math.Clamp(options.Tolerance * alone / actual, 0.5, 1)) + Math.Sqrt(_limit);
        _limit = Math.Clamp(target > _limit ? target : double.Lerp(_limit, target, 0.3), options.MinLimit, options.MaxLimit);
    }
}

/// <summary>How long calls of a method take alone.</summary>
internal sealed class MethodDuration
{
    private TimeSpan _sum;
    private int _count;

    /// <summary>Zero until it is known.</summary>
    public TimeSpan Alone { get; private set; }

    /// <summary>Returns whether it is the first of this window.</summary>
    public bool Add(TimeSpan duration)
    {
        _sum += duration;
        return ++_count == 1;
    }

    /// <summary>Returns how long this window's calls took, and how long they should have taken: at least so long.</summary>
    public (TimeSpan Actual, TimeSpan Expected) EndWindow(bool isUnloaded, TimeSpan least)
    {
        var mean = _sum / _count;
        if (Alone == TimeSpan.Zero)
        {
            Alone = mean;
        }

        // Down fast, since the first calls wait for the compiler while the limit grows already; up slowly.
        var window = (_sum, (Alone > least ? Alone : least) * _count);
        Alone += mean < Alone ? (mean - Alone) * 0.7 : isUnloaded ? (mean - Alone) * 0.05 : TimeSpan.Zero;
        (_sum, _count) = (TimeSpan.Zero, 0);
        return window;
    }
}
