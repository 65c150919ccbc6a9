using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;

namespace MonoRepo.Tests;

public sealed class MetricsEndpointTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ScrapeIsNegotiatedAndCompressed()
    {
        await using var host = await TestHost.StartAsync();
        using var http = new HttpClient { BaseAddress = host.Management };

        using var text = await http.GetAsync("/metrics", Cancellation);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", text.Content.Headers.ContentType!.ToString());
        Assert.Empty(text.Content.Headers.ContentEncoding);
        Assert.Contains(
            "# TYPE dotnet_process_cpu_time_seconds_total counter\n", await text.Content.ReadAsStringAsync(Cancellation),
            StringComparison.Ordinal);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("application/openmetrics-text"));
        request.Headers.AcceptEncoding.Add(new("gzip"));
        using var compressed = await http.SendAsync(request, Cancellation);
        Assert.StartsWith(
            "application/openmetrics-text; version=1.0.0; charset=utf-8", compressed.Content.Headers.ContentType!.ToString());
        Assert.Equal("gzip", Assert.Single(compressed.Content.Headers.ContentEncoding));
        await using var unzipped = new GZipStream(
            await compressed.Content.ReadAsStreamAsync(Cancellation), CompressionMode.Decompress);
        using var reader = new StreamReader(unzipped, Encoding.UTF8);
        var openMetrics = await reader.ReadToEndAsync(Cancellation);
        Assert.Contains("# TYPE dotnet_process_cpu_time_seconds counter\n", openMetrics, StringComparison.Ordinal);
        Assert.EndsWith("\n# EOF\n", openMetrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallersOfTheServiceDoNotReachItsMetrics()
    {
        await using var host = await TestHost.StartAsync();
        using var http = new HttpClient
        {
            BaseAddress = host.Grpc,
            DefaultRequestVersion = new Version(2, 0),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await http.GetAsync("/metrics", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task ScrapesAtOnceShareOneAnswer()
    {
        await using var host = await TestHost.StartAsync();
        using var http = new HttpClient { BaseAddress = host.Management };

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => http.GetStringAsync("/metrics", Cancellation)));

        // The garbage collector's counters alone would differ between two collections.
        Assert.InRange(answers.Distinct().Count(), 1, 4);
    }

    [Fact]
    public async Task PromtoolFindsNothingInOurNames()
    {
        Assert.SkipUnless(Tools.Exists("promtool"), "promtool is not on PATH (Debian: apt install prometheus).");
        await using var host = await TestHost.StartAsync();
        using var channel = GrpcChannel.ForAddress(host.Grpc);
        await new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest(), cancellationToken: Cancellation);
        await Assert.ThrowsAsync<RpcException>(() => new Health.HealthClient(channel).CheckAsync(
            new HealthCheckRequest { Service = "none" }, cancellationToken: Cancellation).ResponseAsync);
        using var http = new HttpClient { BaseAddress = host.Management };

        var findings = await CheckAsync(await http.GetStringAsync("/metrics", Cancellation));

        Assert.Equal([], findings.Except(s_fixedByDotNet));
    }

    // .NET names these; another name would be unknown to every dashboard made for .NET.
    private static readonly string[] s_fixedByDotNet =
    [
        "dotnet_assembly_count non-histogram and non-summary metrics should not have \"_count\" suffix",
        "dotnet_process_cpu_count non-histogram and non-summary metrics should not have \"_count\" suffix",
        "dotnet_timer_count non-histogram and non-summary metrics should not have \"_count\" suffix",
    ];

    private static async Task<string[]> CheckAsync(string metrics)
    {
        var run = await Tools.RunAsync("promtool", ["check", "metrics"], metrics);
        return (run.Error + run.Output).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
