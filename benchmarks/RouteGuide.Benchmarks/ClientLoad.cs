using System.Text.Json;
using MonoRepo.Tests.Services;

namespace MonoRepo.RouteGuide.Benchmarks;

/// <summary>What the client's <c>--load</c> reports of GetFeature.</summary>
/// <param name="CallsPerSecond">Throughput.</param>
/// <param name="P50">Median latency in milliseconds.</param>
/// <param name="P99">99th percentile in milliseconds.</param>
/// <param name="Errors">Failed calls.</param>
/// <param name="Calls">Calls measured.</param>
internal sealed record ClientLoad(double CallsPerSecond, double P50, double P99, string Errors, long Calls)
{
    /// <summary>Runs it as a process of its own; its own metrics are off, as they are not what is measured.</summary>
    public static async Task<ClientLoad> MeasureAsync(
        ServerProcess server, int seconds, int concurrency, CancellationToken cancellationToken, string? token = null)
    {
        var variables = new Dictionary<string, string> { ["OTEL_METRICS_EXPORTER"] = "none", ["Access__Token"] = token ?? "" };
        await using var client = ServiceProcess.Start("RouteGuide.Client", variables,
            "--load", "--json", "--address", server.Grpc.ToString(), "--duration", $"{seconds}", "--concurrency",
            $"{concurrency}");
        if (await client.Exit.WaitAsync(cancellationToken) != 0)
        {
            throw new InvalidOperationException($"The load failed:\n{client.Log}");
        }

        var method = JsonDocument.Parse(client.Log).RootElement.GetProperty("methods")[0];
        return new(
            method.GetProperty("callsPerSecond").GetDouble(), method.GetProperty("p50").GetDouble(),
            method.GetProperty("p99").GetDouble(),
            method.GetProperty("errors").ToString(), method.GetProperty("calls").GetInt64());
    }
}
