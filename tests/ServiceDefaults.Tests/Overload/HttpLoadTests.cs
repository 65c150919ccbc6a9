using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace MonoRepo.Tests.Overload;

/// <summary>What bounds callers that harm lets through as much as a well-behaved client of HTTP/2 can send: h2load's.</summary>
[Collection(nameof(AbuseTests))]
public sealed class HttpLoadTests
{
    private const int Calls = 2000;

    [Theory]
    [InlineData(1, 100)]
    [InlineData(20, 10)]
    [InlineData(500, 1)]
    public async Task ManyConnectionsAndStreams_AllAreAnswered(int connections, int streams)
    {
        await using var host = await TestHost.StartAsync(builder => builder.Services.AddSingleton<Action<WebApplication>>(
            app => app.MapGrpcService<GuideOfOutcomes>()));
        using var folder = new TemporaryFolder();
        var body = Path.Combine(folder.Path, "body");
        await File.WriteAllBytesAsync(body, new byte[5], TestContext.Current.CancellationToken);
        var caller = $"h2load-{connections}-{streams}";

        var load = await Tools.RunAsync("h2load",
        [
            "-n", $"{Calls}", "-c", $"{connections}", "-m", $"{streams}", "-d", body, "-H", "content-type: application/grpc",
            "-H", "te: trailers", "-H", $"x-caller-service: {caller}", $"{host.Grpc}routeguide.RouteGuide/GetFeature",
        ]);

        Assert.Contains($"{Calls} succeeded, 0 failed, 0 errored, 0 timeout", load.Output, StringComparison.Ordinal);
        using var http = new HttpClient();
        var answered = new Regex(
            $$"""grpc_server_call_duration_seconds_count{[^}]*"{{caller}}"[^}]*"OK"[^}]*} {{Calls}}\n""");
        await Eventually.HoldsAsync(
            async () => answered.IsMatch(await http.GetStringAsync(new Uri(host.Management, "/metrics"))),
            "all calls have ended with OK");
    }
}
