using System.Collections.Concurrent;
using System.Diagnostics;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MonoRepo.ServiceDefaults.Telemetry;
using OpenTelemetry.Metrics;

namespace MonoRepo.Tests;

public sealed class TelemetryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LogsMetricsAndTracesArriveAtTheReceiver()
    {
        await using var receiver = await Receiver.StartAsync();
        await using (var host = await TestHost.StartAsync(
            null,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_BSP_SCHEDULE_DELAY", "100"), ("OTEL_BLRP_SCHEDULE_DELAY", "100"), ("OTEL_METRIC_EXPORT_INTERVAL", "200")))
        {
            using var channel = GrpcChannel.ForAddress(host.Grpc);
            await Assert.ThrowsAsync<Grpc.Core.RpcException>(() => new Grpc.Reflection.V1.ServerReflection.ServerReflectionClient(channel)
                .ServerReflectionInfo(deadline: DateTime.UtcNow.AddMilliseconds(200), cancellationToken: Cancellation)
                .ResponseStream.MoveNext(Cancellation));
            host.App.Logger.LogWarning("a line for the receiver");

            await receiver.WaitForAsync("/v1/logs", "a line for the receiver");
            await receiver.WaitForAsync("/v1/traces", "Microsoft.AspNetCore");
            await receiver.WaitForAsync("/v1/metrics", "dotnet.process.cpu.time");
            await receiver.WaitForAsync("/v1/metrics", "kestrel.active_connections");
        }
    }

    [Theory]
    [InlineData("/health", false)]
    [InlineData("/metrics", false)]
    [InlineData("/grpc.health.v1.Health/Check", false)]
    [InlineData("/routeguide.RouteGuide/GetFeature", true)]
    public void SpansOfProbesAreDropped(string path, bool kept)
    {
        using var activity = Span(("url.path", path));

        Assert.Equal(kept, activity.Recorded);
    }

    [Fact]
    public void SpansAreNamedByMethodOrRoute()
    {
        using var rpc = Span(("url.path", "/a.B/C"), ("http.route", "/a.B/C"), ("grpc.method", "/a.B/C"));
        using var page = Span(("url.path", "/items/7"), ("http.route", "/items/{id}"), ("http.request.method", "GET"));

        Assert.Equal(("a.B/C", "GET /items/{id}"), (rpc.DisplayName, page.DisplayName));
    }

    private static Activity Span(params (string Key, string Value)[] tags)
    {
        using var source = new ActivitySource("Test.Spans");
        using var listener = new ActivityListener
        {
            ShouldListenTo = candidate => candidate == source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        var activity = source.StartActivity("Microsoft.AspNetCore.Hosting.HttpRequestIn", ActivityKind.Server)!;
        foreach (var (key, value) in tags)
        {
            activity.SetTag(key, value);
        }

        using var processor = new SpanProcessor();
        processor.OnEnd(activity);
        return activity;
    }

    [Fact]
    public async Task WithoutAReceiverThereAreMetricsAndNoTraces()
    {
        await using var host = await TestHost.StartAsync();

        Assert.NotNull(host.App.Services.GetService<MeterProvider>());
        Assert.Null(host.App.Services.GetService<OpenTelemetry.Trace.TracerProvider>());
    }

    [Fact]
    public async Task MetricsCanBeTurnedOff()
    {
        await using var host = await TestHost.StartAsync(null, ("OTEL_METRICS_EXPORTER", "none"));
        using var http = new HttpClient();

        Assert.Null(host.App.Services.GetService<MeterProvider>());
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await http.GetAsync(new Uri(host.Management, "/metrics"), Cancellation)).StatusCode);
    }

    /// <summary>Takes what is sent to it as bytes; names and texts stand in protobuf as they are.</summary>
    private sealed class Receiver(WebApplication app, ConcurrentQueue<(string Path, string Body)> received) : IAsyncDisposable
    {
        public string Address => app.Urls.First();

        public static async Task<Receiver> StartAsync()
        {
            var received = new ConcurrentQueue<(string, string)>();
            var builder = WebApplication.CreateBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            app.Run(async context =>
            {
                using var reader = new StreamReader(context.Request.Body, System.Text.Encoding.Latin1);
                received.Enqueue((context.Request.Path, await reader.ReadToEndAsync(context.RequestAborted)));
                context.Response.StatusCode = StatusCodes.Status200OK;
            });
            await app.StartAsync(Cancellation);
            return new Receiver(app, received);
        }

        public bool Has(string path, string text) =>
            received.Any(message => message.Path == path && message.Body.Contains(text, StringComparison.Ordinal));

        public async Task WaitForAsync(string path, string text)
        {
            for (var start = TimeProvider.System.GetTimestamp(); !Has(path, text); await Task.Delay(20, Cancellation))
            {
                Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30), $"{path} never had {text}");
            }
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
