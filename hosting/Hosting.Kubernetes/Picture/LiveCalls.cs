using System.Globalization;
using System.Text.Json;
using Aspire.Hosting;
using MonoRepo.Deploy;
using MonoRepo.Deploy.Operations;

namespace MonoRepo.Hosting.Kubernetes.Picture;

/// <summary>What happens on an edge of the graph, over the last five minutes.</summary>
/// <param name="ErrorRatio">Those that ended with another status than OK, 0 to 1.</param>
/// <param name="P99Milliseconds">How long 99 of 100 took at most; null: no call.</param>
internal sealed record LiveCalls(double PerSecond, double ErrorRatio, double? P99Milliseconds)
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    /// <summary>Asks Prometheus for the gRPC calls between services, by caller and called.</summary>
    /// <exception cref="DistributedApplicationException">It doesn't answer, or with something else.</exception>
    public static async Task<IReadOnlyDictionary<(string From, string To), LiveCalls>> ReadAsync(
        Uri prometheus, CancellationToken cancellationToken)
    {
        // The callers of gRPC's own services are probes.
        const string Calls = "grpc_server_call_duration_seconds";
        const string Own = "grpc_method!~\"grpc[.].*\"";
        using var http = new HttpClient { BaseAddress = new($"{prometheus.AbsoluteUri.TrimEnd('/')}/"), Timeout = s_timeout };
        try
        {
            var rates = await QueryAsync($"sum by (caller, job) (rate({Calls}_count{{{Own}}}[5m]))");
            var errors = await QueryAsync($"sum by (caller, job) (rate({Calls}_count{{{Own},grpc_status!=\"OK\"}}[5m]))");
            var p99 = await QueryAsync(
                $"histogram_quantile(0.99, sum by (caller, job, le) (rate({Calls}_bucket{{{Own}}}[5m])))");
            return rates.Where(rate => rate.Value > 0).ToDictionary(rate => rate.Key, rate => new LiveCalls(
                rate.Value, errors.GetValueOrDefault(rate.Key) / rate.Value,
                p99.TryGetValue(rate.Key, out var seconds) && double.IsFinite(seconds) ? seconds * 1000 : null));
        }
        catch (DeployException exception)
        {
            throw new DistributedApplicationException(
                $"{exception.Message} The dashboard has its address, or run port-forward prometheus.");
        }

        async Task<Dictionary<(string, string), double>> QueryAsync(string query) =>
            (await PrometheusApi.QueryAsync(
                http, "query", new Dictionary<string, string> { ["query"] = query }, series => new[]
                {
                    (Label(series, "caller"), Label(series, "job"), series.GetProperty("value")[1].GetString()!),
                },
                cancellationToken)).ToDictionary(
                s => (s.Item1, s.Item2), s => double.Parse(s.Item3, CultureInfo.InvariantCulture));

        static string Label(JsonElement series, string name) =>
            series.GetProperty("metric").TryGetProperty(name, out var value) ? value.GetString()! : "unknown";
    }

    /// <summary>As in <c>12.3/s, 0.1 % errors, p99 4.2 ms</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{PerSecond:0.##}/s{(ErrorRatio > 0 ? $", {ErrorRatio * 100:0.##} % errors" : "")}" +
        $"{(P99Milliseconds is { } p99 ? $", p99 {p99:0.#} ms" : "")}");
}
