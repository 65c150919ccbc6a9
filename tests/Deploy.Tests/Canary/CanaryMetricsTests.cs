using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using MonoRepo.Deploy;
using MonoRepo.Deploy.Canary;

namespace MonoRepo.Tests.Deploy;

/// <summary>A real Prometheus that scrapes pods made by hand.</summary>
public sealed class CanaryMetricsTests
{
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(1);
    private static readonly long s_started = Stopwatch.GetTimestamp();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Judge_ThirtyMillisecondsMore_IsRefused_AndAnEqualOnePasses()
    {
        await using var targets = await StartTargetsAsync();
        using var folder = new TemporaryFolder();
        var targetPort = new Uri(targets.Urls.First()).Authority;
        var scrapes = new[]
        {
            "slow-5d8f-aaaaa",
            "slow-canary-5d8f-bbbbb",
            "same-5d8f-aaaaa",
            "same-canary-5d8f-bbbbb",
        }.Select(pod => $$"""
              - job_name: {{pod}}
                metrics_path: /{{pod}}
                static_configs: [{targets: ["{{targetPort}}"], labels: {namespace: here, pod: {{pod}} } }]
            """);
        var config = folder.Write(
            "prometheus.yml",
            $"global: {{scrape_interval: 200ms, scrape_timeout: 200ms}}\nscrape_configs:\n{string.Join('\n', scrapes)}\n");
        using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{Tools.FreePort()}") };
        using var prometheus = await ToolProcess.StartAsync(
            "prometheus", client.BaseAddress.Port, $"--config.file={config}", $"--storage.tsdb.path={folder.Path}/data",
            $"--web.listen-address={client.BaseAddress.Authority}");
        await Eventually.HoldsAsync(
            () => AreScrapedAsync(client), () => "Prometheus does not scrape all targets.", interval: 50,
            TimeSpan.FromSeconds(60));

        var results = await Task.WhenAll(JudgeAsync(client, "slow"), JudgeAsync(client, "same"), JudgeAsync(client, "gone"));

        Assert.Equal([Verdict.Fail, Verdict.Pass, Verdict.Inconclusive], results.Select(r => r.Verdict));
        Assert.Equal(
            ["latency p50 (s)", "latency p99 (s)"],
            results[0].Metrics.Where(m => m.Verdict == Verdict.Fail).Select(m => m.Samples.Metric));
        Assert.All(results[1].Metrics, m => Assert.True(m is { Verdict: Verdict.Pass, P: > 0.1 }, m.ToString()));
        Assert.All(results[2].Metrics, m => Assert.Empty(m.Samples.Canary));
    }

    [Fact]
    public async Task Read_WhereNobodyAnswers_IsOneLine()
    {
        using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{Tools.FreePort()}") };
        var now = DateTimeOffset.UtcNow;
        var refused = await Assert.ThrowsAsync<DeployException>(
            () => new CanaryMetrics(client, "here", "web").ReadAsync(now - s_window, now, s_window, Token));
        Assert.StartsWith($"Prometheus at {client.BaseAddress} can't be queried: ", refused.Message, StringComparison.Ordinal);
    }

    private static Task<CanaryResult> JudgeAsync(HttpClient client, string name)
    {
        var metrics = new CanaryMetrics(client, "here", name);
        return new CanaryComparison(
            (from, to, token) => metrics.ReadAsync(from, to, s_window, token), _ => { }, TimeProvider.System)
            .RunAsync(13 * s_window, s_window, Token);
    }

    private static async Task<WebApplication> StartTargetsAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(context =>
        {
            context.Response.ContentType = "text/plain; version=0.0.4";
            var path = context.Request.Path.Value!;
            return context.Response.WriteAsync(Exposition(
                path.StartsWith("/slow-canary", StringComparison.Ordinal), path.Contains("canary", StringComparison.Ordinal)));
        });
        await app.StartAsync(Token);
        return app;
    }

    /// <summary>
    /// A hundred calls a second; half of them took up to 10 ms, or 30 ms more. A canary's probes fail, which doesn't count.
    /// </summary>
    private static string Exposition(bool isSlow, bool isCanary)
    {
        var calls = 1000 + (100 * Stopwatch.GetElapsedTime(s_started).TotalSeconds);
        const string Labels = "grpc_method=\"a/B\",grpc_type=\"unary\",grpc_status=\"OK\"";
        double[] parts = isSlow ? [0, 0, 0.5, 1, 1] : [0.5, 0.9, 1, 1, 1];
        var buckets = new[] { "0.01", "0.025", "0.05", "0.1", "+Inf" }
            .Select((le, i) =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"grpc_server_call_duration_seconds_bucket{{{Labels},le=\"{le}\"}} {parts[i] * calls}\n"));
        return string.Create(CultureInfo.InvariantCulture, $$"""
            # TYPE grpc_server_call_duration_seconds histogram
            {{string.Concat(buckets)}}grpc_server_call_duration_seconds_count{{{Labels}}} {{calls}}
            grpc_server_call_duration_seconds_count{grpc_method="grpc.health.v1.Health/Check",grpc_type="unary",grpc_status="UNKNOWN"} {{(isCanary ? 9 * calls : 0)}}
            # TYPE dotnet_process_cpu_time_seconds_total counter
            dotnet_process_cpu_time_seconds_total {{0.001 * calls}}

            """);
    }

    private static async Task<bool> AreScrapedAsync(HttpClient client)
    {
        try
        {
            // A new Prometheus takes up to five seconds before it scrapes: {"result": [{"value": [1700000000, "4"]}]}
            var answer = await client.GetStringAsync("/api/v1/query?query=count(up==1)", Token);
            return answer.Contains("\"4\"", StringComparison.Ordinal);
        }
        catch (HttpRequestException)
        {
            // It isn't ready yet.
            return false;
        }
    }
}
