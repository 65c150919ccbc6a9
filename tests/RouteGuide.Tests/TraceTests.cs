using MonoRepo.Tests.Redis;
using MonoRepo.Tests.Services;

namespace MonoRepo.Tests;

public sealed class TraceTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OneTraceSpansClientServerAndRedisAndNothingElseMakesTraces()
    {
        using var receiver = OtlpReceiver.Start();
        await using var cluster = await RedisClusterProcess.StartAsync(RedisEngine.Garnet, cancellationToken: Cancellation);
        await using var server = await RouteGuideServer.StartAsync(
            cluster.ConnectionString, Cancellation, "Development", receiver.Settings);
        await server.WaitForHealthAsync(200, Cancellation);
        await using var client = ServiceProcess.Start("RouteGuide.Client", new Dictionary<string, string>(
            receiver.Settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)))
        {
            ["Kestrel__Endpoints__http__Url"] = "http://127.0.0.1:0",
            ["services__routeguide-server__grpc__0"] = server.Grpc.ToString(),
        });

        await client.WaitUntilAsync(
            () => receiver.Spans.GroupBy(span => span.Trace).Any(IsWhole), "trace over client, server and Redis", Cancellation);

        // Seeding, health checks and probes are none: once the client has sent all that it has, each trace begins with a walk.
        await client.SignalAsync("TERM");
        await client.Exit.WaitAsync(Cancellation);
        await Eventually.HoldsAsync(
            () => !Orphans().Any(), () => $"{string.Join('\n', Orphans())}\nThe client printed:\n{client.Log}", interval: 50,
            s_timeout);

        IEnumerable<string> Orphans() => receiver.Spans.GroupBy(span => span.Trace)
            .Where(trace => trace.All(span => span.Name != "walk"))
            .Select(trace => string.Join(", ", trace.Select(span => $"{span.Source} {span.Name}").Distinct()));

        static bool IsWhole(IEnumerable<ReceivedSpan> trace) =>
            trace.Any(span => span is { Source: "MonoRepo.RouteGuide.Client", Name: "walk" }) &&
            trace.Any(span =>
                span is { Source: "OpenTelemetry.Instrumentation.GrpcNetClient", Name: "routeguide.RouteGuide/GetFeature" }) &&
            trace.Any(span =>
                span.Source == "Microsoft.AspNetCore" && span.Attributes["url.path"] == "/routeguide.RouteGuide/GetFeature") &&
            trace.Any(span => span.Source == "OpenTelemetry.Instrumentation.StackExchangeRedis"
                && span.Name.Contains("ZRANGEBYSCORE", StringComparison.Ordinal));
    }
}
