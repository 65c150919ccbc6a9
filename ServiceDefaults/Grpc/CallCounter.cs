using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>
/// A counter of what happens in each call: one addition to a series that is kept, where a <see cref="Counter{T}"/> makes
/// OpenTelemetry search for the series by its tags each time.
/// </summary>
internal sealed class CallCounter
{
    private readonly ConcurrentQueue<Series> _series = new();

    public CallCounter(Meter meter, string name, string unit, string description) =>
        meter.CreateObservableCounter(name, () => _series.Select(series => series.Measure()), unit, description);

    /// <summary>Makes a series, which is 0 at first: a rate sees no increase of one that begins with 1.</summary>
    public Series Create(params KeyValuePair<string, object?>[] tags)
    {
        var series = new Series(tags);
        _series.Enqueue(series);
        return series;
    }

    internal sealed class Series(KeyValuePair<string, object?>[] tags)
    {
        private long _value;

        public void Increment() => Interlocked.Increment(ref _value);

        public Measurement<long> Measure() => new(Volatile.Read(ref _value), tags);
    }
}
