using MonoRepo.Tests.Redis;
using MonoRepo.Tests.Services;

namespace MonoRepo.Tests;

public sealed class TraceTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OneTraceSpansClientServerAndRedis()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var cluster = await RedisClusterProcess.StartAsync(RedisEngine.Garnet, cancellationToken: Cancellation);
        (string, string)[] telemetry =
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_BSP_SCHEDULE_DELAY", "100"),
        ];
        await using var server = await RouteGuideServer.StartAsync(cluster.ConnectionString, Cancellation, "Development", telemetry);
        await server.WaitForHealthAsync(200, Cancellation);
        await using var client = ServiceProcess.Start("RouteGuide.Client", new Dictionary<string, string>(
            telemetry.Select(variable => KeyValuePair.Create(variable.Item1, variable.Item2)))
        {
            ["Kestrel__Endpoints__http__Url"] = "http://127.0.0.1:0",
            ["services__routeguide-server__grpc__0"] = server.Grpc.ToString(),
        });

        await client.WaitUntilAsync(() => receiver.Traces.Any(IsWhole), "trace over client, server and Redis", Cancellation);

        static bool IsWhole(IReadOnlyList<(string Source, string Name)> trace) =>
            trace.Any(span => span is { Source: "MonoRepo.RouteGuide.Client", Name: "walk" }) &&
            trace.Any(span => span is { Source: "Grpc.Net.Client", Name: "routeguide.RouteGuide/GetFeature" }) &&
            trace.Any(span => span is { Source: "Microsoft.AspNetCore", Name: "routeguide.RouteGuide/GetFeature" }) &&
            trace.Any(span => span is { Source: "MonoRepo.Redis", Name: "ZRANGEBYSCORE" });
    }
}
