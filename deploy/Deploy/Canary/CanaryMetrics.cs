using System.Globalization;
using System.Text.Json;
using MonoRepo.Deploy.Operations;

namespace MonoRepo.Deploy.Canary;

/// <summary>
/// Reads the metrics of a canary and its baseline from Prometheus: one value per pod and time window. Windows don't overlap, so
/// that a single slow moment isn't counted twice.
/// </summary>
/// <param name="prometheus">Has the address of Prometheus.</param>
/// <param name="baseline">Name of the baseline's Deployment.</param>
internal sealed class CanaryMetrics(HttpClient prometheus, string @namespace, string baseline)
{
    // As in service level objectives: the caller's faults don't count, and neither do probes of health.
    private const string Failed = "UNKNOWN|DEADLINE_EXCEEDED|INTERNAL|UNAVAILABLE|DATA_LOSS|UNIMPLEMENTED";

    private static readonly (string Metric, bool IsRequired, string Query)[] s_metrics =
    [
        // The series of failed calls exists only after the first failure.
        ("error ratio", true, $$"""
            (sum by (pod) (rate(grpc_server_call_duration_seconds_count{CALLS,grpc_status=~"{{Failed}}"}[WINDOW]))
              or 0 * sum by (pod) (rate(grpc_server_call_duration_seconds_count{CALLS}[WINDOW])))
              / sum by (pod) (rate(grpc_server_call_duration_seconds_count{CALLS}[WINDOW]))
            """),
        ("latency p50 (s)", true, Latency("0.5")),
        ("latency p99 (s)", true, Latency("0.99")),
        // A call's: connections aren't spread evenly over pods.
        ("cpu a call (s)", false, """
            sum by (pod) (rate(dotnet_process_cpu_time_seconds_total{PODS}[WINDOW]))
              / sum by (pod) (rate(grpc_server_call_duration_seconds_count{CALLS}[WINDOW]))
            """),
        // The counter starts anew with the process.
        ("restarts", false, "max by (pod) (resets(dotnet_process_cpu_time_seconds_total{PODS}[WINDOW]))"),
    ];

    /// <summary>Reads the values of all windows of a time.</summary>
    /// <param name="from">When the first window begins.</param>
    /// <param name="to">When the last one ends.</param>
    /// <exception cref="DeployException">Prometheus can't be queried, or refuses.</exception>
    public async Task<IReadOnlyList<CanarySamples>> ReadAsync(
        DateTimeOffset from, DateTimeOffset to, TimeSpan window, CancellationToken cancellationToken)
    {
        var samples = new List<CanarySamples>();
        foreach (var (metric, isRequired, query) in s_metrics)
        {
            var values = (await QueryAsync(query, from + window, to, window, cancellationToken))
                .ToLookup(v => v.IsCanary, v => v.Value);
            samples.Add(new(metric, WorseWhen.Higher, isRequired, [.. values[false]], [.. values[true]]));
        }

        return samples;
    }

    private static string Latency(string quantile) => $$"""
        histogram_quantile({{quantile}}, sum by (pod, le) (rate(grpc_server_call_duration_seconds_bucket{CALLS,grpc_type="unary"}[WINDOW])))
        """;

    private async Task<IReadOnlyList<(bool IsCanary, double Value)>> QueryAsync(
        string query, DateTimeOffset from, DateTimeOffset to, TimeSpan window, CancellationToken cancellationToken)
    {
        var pods = $"namespace=\"{@namespace}\",pod=~\"{CanaryDeployment.PodPattern(baseline)}\"";
        query = query.Replace("CALLS", $"{pods},grpc_method!~\"grpc[.].*\"", StringComparison.Ordinal)
            .Replace("PODS", pods, StringComparison.Ordinal)
            .Replace("WINDOW", $"{(long)window.TotalMilliseconds}ms", StringComparison.Ordinal);
        var parameters = new Dictionary<string, string>
        {
            ["query"] = query,
            ["start"] = Seconds(from),
            ["end"] = Seconds(to),
            ["step"] = window.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        };
        return await PrometheusApi.QueryAsync(prometheus, "query_range", parameters, Read, cancellationToken);

        // {"metric": {"pod": "web-5d8f-x2x7"}, "values": [[1700000000, "0.25"]]}
        IEnumerable<(bool, double)> Read(JsonElement series)
        {
            var isCanary = CanaryDeployment.IsCanary(series.GetProperty("metric").GetProperty("pod").GetString()!, baseline);
            return series.GetProperty("values").EnumerateArray().Select(value => Number(value[1].GetString()!))
                .Where(double.IsFinite).Select(number => (isCanary, number));
        }
    }

    // NaN where nothing was called, +Inf where something was divided by nothing. Ranks would take an error of rounding for a
    // difference.
    private static double Number(string text) => double.TryParse(
        text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        ? double.Parse(number.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
        : double.NaN;

    private static string Seconds(DateTimeOffset time) =>
        (time.ToUnixTimeMilliseconds() / 1000.0).ToString("F3", CultureInfo.InvariantCulture);
}
