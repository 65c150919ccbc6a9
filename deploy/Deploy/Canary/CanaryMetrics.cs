using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace MonoRepo.Deploy.Canary;

/// <summary>
/// Reads the metrics of a canary and its baseline from Prometheus: one value per pod and time window. Windows don't overlap, so
/// that a single slow moment isn't counted twice.
/// </summary>
/// <param name="prometheus">Has the address of Prometheus.</param>
/// <param name="namespace">Namespace of the pods.</param>
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
    /// <param name="window">Length of a window.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="DeployException">Prometheus can't be asked, or refuses.</exception>
    public async Task<IReadOnlyList<CanarySamples>> ReadAsync(
        DateTimeOffset from, DateTimeOffset to, TimeSpan window, CancellationToken cancellationToken)
    {
        var samples = new List<CanarySamples>();
        foreach (var (metric, isRequired, query) in s_metrics)
        {
            var values = (await QueryAsync(query, from + window, to, window, cancellationToken).ConfigureAwait(false)).ToLookup(
                v => v.IsCanary, v => v.Value);
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
        var seconds = window.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        var pods = $"namespace=\"{@namespace}\",pod=~\"{CanaryDeployment.PodPattern(baseline)}\"";
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["query"] = query.Replace("CALLS", $"{pods},grpc_method!~\"grpc[.].*\"", StringComparison.Ordinal).Replace(
                "PODS", pods, StringComparison.Ordinal)
                .Replace("WINDOW", $"{(long)window.TotalMilliseconds}ms", StringComparison.Ordinal),
            ["start"] = Seconds(from),
            ["end"] = Seconds(to),
            ["step"] = seconds,
        });
        try
        {
            // {"status": "success", "data": {"result": [{"metric": {"pod": "web-5d8f-x2x7"}, "values": [[1700000000, "0.25"]]}]}}
            using var response = await prometheus.PostAsync("api/v1/query_range", form, cancellationToken).ConfigureAwait(false);
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken).ConfigureAwait(false);
            if (answer.GetProperty("status").GetString() != "success")
            {
                throw new DeployException(
                    $"Prometheus at {prometheus.BaseAddress} refuses the query: {answer.GetProperty("error").GetString()}");
            }

            return
            [
                .. from series in answer.GetProperty("data").GetProperty("result").EnumerateArray()
                   let isCanary = CanaryDeployment.IsCanary(
                       series.GetProperty("metric").GetProperty("pod").GetString()!, baseline)
                   from value in series.GetProperty("values").EnumerateArray()
                   let number = Number(value[1].GetString()!)
                   where double.IsFinite(number)
                   select (isCanary, number),
            ];
        }
        catch (Exception exception)
            when (exception is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new DeployException($"Prometheus at {prometheus.BaseAddress} can't be asked: {exception.Message}", exception);
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
