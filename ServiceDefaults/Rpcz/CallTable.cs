using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grpc.Core;
using MonoRepo.ServiceDefaults.Calls;
using MonoRepo.ServiceDefaults.Grpc;

namespace MonoRepo.ServiceDefaults.Rpcz;

/// <summary>Who calls what: callers and our methods, or our methods and those that they call.</summary>
/// <param name="From">The caller's name for calls that come in, our method for calls that go out; empty: work of the service's
/// own.</param>
/// <param name="To">Our method for calls that come in, the called one for calls that go out.</param>
/// <param name="IsOutgoing">Whether we call.</param>
internal readonly record struct CallEdge(string From, string To, bool IsOutgoing);

/// <summary>A call that has ended and took long.</summary>
internal sealed record SlowCall(
    CallEdge Edge, DateTimeOffset Started, TimeSpan Duration, string Code, string? Trace, string Request);

/// <summary>
/// The calls of this process by edge: how many, how long, how they ended, which run. Memory is bounded: there are at most
/// <see cref="MaxEdges"/> edges, what is beyond is one edge called <c>other</c>; each edge has fixed histograms.
/// </summary>
internal sealed class CallTable : IDisposable
{
    /// <summary>About 17 KiB each.</summary>
    public const int MaxEdges = 200;

    private const int MaxSlow = 20;
    private static readonly TimeSpan s_recent = TimeSpan.FromMinutes(10);

    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ConcurrentDictionary<CallEdge, EdgeCalls> _edges = new();
    private readonly List<SlowCall> _slow = [];
    private readonly Meter _meter = new("MonoRepo.Rpcz");
    private TimeSpan _slowest;
    private long _slowUntil;

    public CallTable(TimeProvider time)
    {
        _time = time;
        _start = time.GetTimestamp();
        _meter.CreateObservableCounter(
            "rpc.edge.calls", () => Observe((calls, _) => calls), "{call}",
            "Calls that a method made while it was answered, by both methods and status.");
        _meter.CreateObservableCounter(
            "rpc.edge.seconds", () => Observe((_, seconds) => seconds), "s", "Time that these calls took.");
    }

    public IEnumerable<KeyValuePair<CallEdge, EdgeCalls>> Edges => _edges;

    public double Seconds => _time.GetElapsedTime(_start).TotalSeconds;

    public RunningCall Begin(string from, IMethod method, bool isOutgoing)
    {
        var edge = new CallEdge(from, method.FullName, isOutgoing);
        if (!_edges.TryGetValue(edge, out var calls))
        {
            // A few threads at once may add one too many each.
            edge = _edges.Count < MaxEdges ? edge : new("other", "other", isOutgoing);
            calls = _edges.GetOrAdd(edge, _ => new());
        }

        var call = new RunningCall(this, edge, calls, _time.GetTimestamp()) { IsUnary = method.Type == MethodType.Unary };
        calls.Add(call);
        return call;
    }

    public TimeSpan AgeOf(RunningCall call) => _time.GetElapsedTime(call.Start);

    /// <summary>The slowest unary calls of the last ten minutes, the slowest first.</summary>
    public IReadOnlyList<SlowCall> Slowest()
    {
        lock (_slow)
        {
            var oldest = _time.GetUtcNow() - s_recent;
            return [.. _slow.Where(call => call.Started + call.Duration >= oldest).OrderByDescending(call => call.Duration)];
        }
    }

    public void Dispose() => _meter.Dispose();

    internal void End(RunningCall call, StatusCode code)
    {
        var end = _time.GetTimestamp();
        var duration = _time.GetElapsedTime(call.Start, end);
        call.Calls.End(call, _time.GetElapsedTime(_start, end).TotalSeconds, duration, (int)code);

        // How long a stream is open says nothing; nearly every other call is faster than those that are kept.
        if (!call.IsUnary || (duration <= _slowest && end < Volatile.Read(ref _slowUntil)))
        {
            return;
        }

        var now = _time.GetUtcNow();
        var ended = new SlowCall(
            call.Edge, now - duration, duration, GrpcMetrics.NameOf(code),
            Activity.Current is { Recorded: true } span ? span.TraceId.ToHexString() : null, CallContext.Current.RequestId);
        lock (_slow)
        {
            _slow.RemoveAll(slow => slow.Started + slow.Duration < now - s_recent);
            _slow.Add(ended);
            _slow.Sort((one, other) => other.Duration.CompareTo(one.Duration));
            if (_slow.Count > MaxSlow)
            {
                _slow.RemoveAt(MaxSlow);
            }

            _slowest = _slow.Count == MaxSlow ? _slow[^1].Duration : TimeSpan.Zero;
            var oldest = _slow.Min(slow => slow.Started + slow.Duration) + s_recent - now;
            Volatile.Write(ref _slowUntil, _time.GetTimestamp() + (long)(oldest.TotalSeconds * _time.TimestampFrequency));
        }
    }

    private IEnumerable<Measurement<T>> Observe<T>(Func<long, double, T> choose) where T : struct
    {
        foreach (var (edge, calls) in _edges.Where(edge => edge.Key.IsOutgoing))
        {
            foreach (var (code, count, seconds) in calls.Totals())
            {
                yield return new(
                    choose(count, seconds),
                    new("grpc.method", edge.From.Length > 0 ? edge.From.TrimStart('/') : "none"),
                    new("grpc.target", edge.To.TrimStart('/')), new(GrpcMetrics.StatusTag, GrpcMetrics.NameOf((StatusCode)code)));
            }
        }
    }
}

/// <summary>The calls of one edge.</summary>
internal sealed class EdgeCalls
{
    private readonly Lock _lock = new();
    private readonly CallWindows _windows = new();
    private readonly HashSet<RunningCall> _running = [];
    private readonly long[] _calls = new long[17];
    private readonly double[] _seconds = new double[17];

    public void Add(RunningCall call)
    {
        lock (_lock)
        {
            _running.Add(call);
        }
    }

    public void End(RunningCall call, double now, TimeSpan duration, int code)
    {
        lock (_lock)
        {
            _running.Remove(call);
            _windows.Add(now, duration, code);
            var index = (uint)code < (uint)_calls.Length ? code : (int)StatusCode.Unknown;
            _calls[index]++;
            _seconds[index] += duration.TotalSeconds;
        }
    }

    public (IReadOnlyList<WindowSnapshot> Windows, IReadOnlyList<RunningCall> Running) Read(double now)
    {
        lock (_lock)
        {
            return (_windows.Read(now, code => GrpcMetrics.NameOf((StatusCode)code)), [.. _running]);
        }
    }

    public IReadOnlyList<(int Code, long Calls, double Seconds)> Totals()
    {
        lock (_lock)
        {
            return [.. Enumerable.Range(
                0, _calls.Length).Where(code => _calls[code] > 0).Select(code => (code, _calls[code], _seconds[code]))];
        }
    }
}

/// <summary>A call that runs.</summary>
internal sealed class RunningCall(CallTable table, CallEdge edge, EdgeCalls calls, long start)
{
    public CallEdge Edge => edge;

    public EdgeCalls Calls => calls;

    public long Start => start;

    public bool IsUnary { get; init; }

    public void End(StatusCode code) => table.End(this, code);
}
