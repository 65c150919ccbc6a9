using System.Net;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MonoRepo.ServiceDefaults.Grpc;
using MonoRepo.Tests.Services;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using static Routeguide.RouteGuide;

namespace MonoRepo.Tests;

/// <summary>A real server, real requests and the real exporter.</summary>
public sealed class TelemetryTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LogsAndMetricsArriveAtTheReceiver()
    {
        using var receiver = OtlpReceiver.Start();
        await using var host = await TestHost.StartAsync(null, receiver.Settings);
        host.App.Logger.LogWarning("a line for the receiver");
        using var http = new HttpClient { BaseAddress = host.Management };
        await http.GetAsync("/health", Cancellation);

        await WaitAsync(() => receiver.Has("/v1/logs", "a line for the receiver"), "the log");
        await WaitAsync(() => receiver.Has("/v1/metrics", "dotnet.process.cpu.time"), "runtime metrics");
        await WaitAsync(() => receiver.Has("/v1/metrics", "kestrel.active_connections"), "server metrics");
    }

    [Fact]
    public async Task ServerSpansHaveAllAttributesAndProbesMakeNone()
    {
        using var receiver = OtlpReceiver.Start();
        await using var host = await TestHost.StartAsync(
            builder => builder.Services.AddSingleton<Action<WebApplication>>(app =>
            {
                app.MapGet("/items/{id}", (int id) => Results.Ok(id));
                app.MapGrpcService<GuideOfOutcomes>();
            }),
            receiver.Settings);
        using var http = new HttpClient { BaseAddress = host.Management };
        using var channel = GrpcChannel.ForAddress(host.Grpc);

        foreach (var path in (string[])["/health", "/alive", "/metrics"])
        {
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(path, Cancellation)).StatusCode);
        }

        await new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest(), cancellationToken: Cancellation);
        await new RouteGuideClient(channel).GetFeatureAsync(new(), cancellationToken: Cancellation);
        await http.GetAsync("/items/7", Cancellation);

        // The last request is the last span, so that what came before it has arrived, too. Other tests' hosts are in the same
        // process.
        await WaitAsync(() => Served().Count >= 2, "the last request");
        Assert.Equal(["/routeguide.RouteGuide/GetFeature", "/items/7"], Served().Select(span => span.Attributes["url.path"]));
        var page = Served()[1];
        Assert.Equal("GET /items/{id}", page.Name);
        Assert.Equal("GET", page.Attributes["http.request.method"]);
        Assert.Equal("200", page.Attributes["http.response.status_code"]);
        Assert.Equal("/items/{id}", page.Attributes["http.route"]);
        Assert.Equal("http", page.Attributes["url.scheme"]);
        Assert.Equal("127.0.0.1", page.Attributes["server.address"]);
        Assert.Equal("POST", Served()[0].Attributes["http.request.method"]);
        Assert.Equal("127.0.0.1", Served()[0].Attributes["server.address"]);

        List<ReceivedSpan> Served() => [.. receiver.Spans.Where(span => span.Source == "Microsoft.AspNetCore"
            && (span.Attributes["server.port"] == $"{host.Management.Port}"
            || span.Attributes["server.port"] == $"{host.Grpc.Port}"))];
    }

    [Fact]
    public async Task CallIsOneSpanOfItsClientWithTheAddressOfTheServer()
    {
        using var receiver = OtlpReceiver.Start();
        await using var host = await TestHost.StartAsync(builder => builder.Services.AddSingleton<Action<WebApplication>>(
            app => app.MapGrpcService<GuideOfOutcomes>()));
        await using var caller = await TestHost.StartAsync(
            builder => builder.AddGrpcServiceClient<RouteGuideClient>("guide"),
            [.. receiver.Settings, ("services:guide:grpc:0", host.Grpc.ToString())]);

        await caller.App.Services.GetRequiredService<RouteGuideClient>().GetFeatureAsync(new(), cancellationToken: Cancellation);

        await WaitAsync(() => Made().Count > 0, "the client's span");
        var span = Assert.Single(Made());
        Assert.Equal("routeguide.RouteGuide/GetFeature", span.Name);
        Assert.Equal("127.0.0.1", span.Attributes["server.address"]);

        List<ReceivedSpan> Made() => [.. receiver.Spans.Where(
            span => span.Source is "OpenTelemetry.Instrumentation.GrpcNetClient" or "System.Net.Http"
                && span.Attributes["server.port"] == $"{host.Grpc.Port}")];
    }

    [Fact]
    public async Task WithoutReceiverThereAreMetricsAndNoTraces()
    {
        await using var host = await TestHost.StartAsync();

        Assert.NotNull(host.App.Services.GetService<MeterProvider>());
        Assert.Null(host.App.Services.GetService<TracerProvider>());
    }

    [Fact]
    public async Task MetricsCanBeTurnedOff()
    {
        await using var host = await TestHost.StartAsync(null, ("OTEL_METRICS_EXPORTER", "none"));
        using var http = new HttpClient();

        Assert.Null(host.App.Services.GetService<MeterProvider>());
        Assert.Equal(
            HttpStatusCode.NotFound, (await http.GetAsync(new Uri(host.Management, "/metrics"), Cancellation)).StatusCode);
    }

    private static Task WaitAsync(Func<bool> condition, string what) =>
        Eventually.HoldsAsync(condition, () => $"{what} did not arrive", interval: 20, s_timeout);
}
