using Grpc.Core;

namespace MonoRepo.LoadTesting;

/// <summary>
/// What one loop has seen of each method; loops share nothing, so that measuring does not become what is measured.
/// </summary>
/// <typeparam name="TMethod">The methods that load is put on.</typeparam>
public sealed class LoadRecorder<TMethod>
    where TMethod : struct, Enum
{
    private readonly Dictionary<TMethod, LatencyHistogram> _latencies = [];
    private readonly Dictionary<(TMethod Method, StatusCode Status), long> _errors = [];

    public long Calls => _latencies.Values.Sum(latency => latency.Count);

    public void Success(TMethod method, TimeSpan latency) => Of(method).Record(latency);

    public void Error(TMethod method, StatusCode status) =>
        _errors[(method, status)] = _errors.GetValueOrDefault((method, status)) + 1;

    public void Add(LoadRecorder<TMethod> other)
    {
        foreach (var (method, latency) in other._latencies)
        {
            Of(method).Add(latency);
        }

        foreach (var ((method, status), count) in other._errors)
        {
            _errors[(method, status)] = _errors.GetValueOrDefault((method, status)) + count;
        }
    }

    public LoadMethodReport Report(TMethod method, TimeSpan duration)
    {
        var latency = Of(method);
        return new LoadMethodReport(
            method.ToString(), latency.Count, latency.Count / duration.TotalSeconds,
            latency.Percentile(0.5).TotalMilliseconds, latency.Percentile(0.9).TotalMilliseconds,
            latency.Percentile(0.99).TotalMilliseconds, latency.Percentile(0.999).TotalMilliseconds,
            _errors.Where(error => error.Key.Method.Equals(method)).ToDictionary(
                error => error.Key.Status.ToString(), error => error.Value));
    }

    private LatencyHistogram Of(TMethod method) =>
        _latencies.TryGetValue(method, out var latency) ? latency : _latencies[method] = new LatencyHistogram();
}
