using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MonoRepo.ServiceDefaults.Grpc;
using Routeguide;
using static Routeguide.RouteGuide;

namespace MonoRepo.Tests;

/// <summary>Both sides of real calls, of every kind and with every end: what the server and its caller count.</summary>
public sealed class CallMetricsTests : IAsyncLifetime
{
    private readonly string _caller = $"caller-{Guid.NewGuid():N}";
    private TestHost? _server;
    private IHost? _client;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private RouteGuideClient Client => _client!.Services.GetRequiredService<RouteGuideClient>();

    public async ValueTask InitializeAsync()
    {
        _server = await TestHost.StartAsync(builder => builder.Services.AddSingleton<Action<WebApplication>>(
            app => app.MapGrpcService<GuideOfOutcomes>(Routeguide.RouteGuide.Descriptor)));
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(
            [new("services:guide:grpc:0", _server.Grpc.ToString()), new("OTEL_SERVICE_NAME", _caller)]);
        builder.AddServiceDefaults();
        builder.AddGrpcServiceClient("guide", invoker => new RouteGuideClient(invoker));
        _client = builder.Build();
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        await _server!.DisposeAsync();
    }

    [Theory]
    [InlineData(GuideOfOutcomes.Answer, StatusCode.OK)]
    [InlineData(GuideOfOutcomes.Fault, StatusCode.Internal)]
    [InlineData(GuideOfOutcomes.Refusal, StatusCode.InvalidArgument)]
    [InlineData(GuideOfOutcomes.Status, StatusCode.NotFound)]
    [InlineData(GuideOfOutcomes.Wait, StatusCode.DeadlineExceeded)]
    public async Task UnaryCalls(int outcome, StatusCode code)
    {
        var counts = Watch("GetFeature", MethodType.Unary);

        await OutcomeAsync(code, () => Client.GetFeatureAsync(Point(outcome), deadline: DeadlineFor(outcome), cancellationToken: Cancellation).ResponseAsync);

        // An answer that a status replaces is made all the same.
        var made = code is StatusCode.OK or StatusCode.NotFound ? 1 : 0;
        await counts.ShowAsync(code, clientSends: 1, serverSends: made, clientReceives: code == StatusCode.OK ? 1 : 0);
    }

    [Fact]
    public async Task BlockingCalls()
    {
        var counts = Watch("GetFeature", MethodType.Unary);

        await Task.Run(() => Client.GetFeature(Point(GuideOfOutcomes.Answer), deadline: Soon, cancellationToken: Cancellation), Cancellation);

        await counts.ShowAsync(StatusCode.OK, clientSends: 1, serverSends: 1, clientReceives: 1);
    }

    [Fact]
    public async Task ACallThatItsCallerCancels()
    {
        var counts = Watch("GetFeature", MethodType.Unary);
        using var leaving = new CancellationTokenSource();
        var call = Client.GetFeatureAsync(Point(GuideOfOutcomes.Wait), deadline: DateTime.UtcNow.AddMinutes(1), cancellationToken: leaving.Token);
        await counts.StartsAsync();

        await leaving.CancelAsync();

        await OutcomeAsync(StatusCode.Cancelled, () => call.ResponseAsync);
        await counts.ShowAsync(StatusCode.Cancelled, clientSends: 1, serverSends: 0, clientReceives: 0);
    }

    [Theory]
    [InlineData(GuideOfOutcomes.Answer, StatusCode.OK)]
    [InlineData(GuideOfOutcomes.Fault, StatusCode.Internal)]
    [InlineData(GuideOfOutcomes.Wait, StatusCode.DeadlineExceeded)]
    public async Task ServerStreamingCalls(int outcome, StatusCode code)
    {
        var counts = Watch("ListFeatures", MethodType.ServerStreaming);
        using var call = Client.ListFeatures(new Rectangle { Lo = Point(outcome) }, deadline: DeadlineFor(outcome), cancellationToken: Cancellation);

        await OutcomeAsync(code, () => call.ResponseStream.ReadAllAsync(Cancellation).LastOrDefaultAsync(Cancellation).AsTask());

        await counts.ShowAsync(code, clientSends: 1, serverSends: 3, clientReceives: 3);
    }

    [Fact]
    public async Task AStreamThatItsCallerGivesUp()
    {
        var counts = Watch("ListFeatures", MethodType.ServerStreaming);
        using (var call = Client.ListFeatures(new Rectangle { Lo = Point(GuideOfOutcomes.Wait) }, deadline: DateTime.UtcNow.AddMinutes(1), cancellationToken: Cancellation))
        {
            for (var i = 0; i < 3; i++)
            {
                Assert.True(await call.ResponseStream.MoveNext(Cancellation));
            }
        }

        await counts.ShowAsync(StatusCode.Cancelled, clientSends: 1, serverSends: 3, clientReceives: 3);
    }

    [Theory]
    [InlineData(GuideOfOutcomes.Answer, StatusCode.OK)]
    [InlineData(GuideOfOutcomes.Refusal, StatusCode.InvalidArgument)]
    public async Task ClientStreamingCalls(int outcome, StatusCode code)
    {
        var counts = Watch("RecordRoute", MethodType.ClientStreaming);
        using var call = Client.RecordRoute(deadline: Soon, cancellationToken: Cancellation);
        await call.RequestStream.WriteAsync(Point(GuideOfOutcomes.Answer), Cancellation);
        await call.RequestStream.WriteAsync(Point(outcome), Cancellation);
        await call.RequestStream.CompleteAsync();

        await OutcomeAsync(code, () => call.ResponseAsync);

        var answers = code == StatusCode.OK ? 1 : 0;
        await counts.ShowAsync(code, clientSends: 2, serverSends: answers, clientReceives: answers);
    }

    [Theory]
    [InlineData(GuideOfOutcomes.Answer, StatusCode.OK)]
    [InlineData(GuideOfOutcomes.Fault, StatusCode.Internal)]
    public async Task BidirectionalCalls(int outcome, StatusCode code)
    {
        var counts = Watch("RouteChat", MethodType.DuplexStreaming);
        using var call = Client.RouteChat(deadline: Soon, cancellationToken: Cancellation);
        await call.RequestStream.WriteAsync(new RouteNote(), Cancellation);
        await call.RequestStream.WriteAsync(new RouteNote { Location = Point(outcome) }, Cancellation);
        await call.RequestStream.CompleteAsync();

        await OutcomeAsync(code, () => call.ResponseStream.ReadAllAsync(Cancellation).LastOrDefaultAsync(Cancellation).AsTask());

        await counts.ShowAsync(code, clientSends: 2, serverSends: 4, clientReceives: 4);
    }

    [Fact]
    public async Task TheSeriesAreThoseOfDashboards()
    {
        var counts = Watch("GetFeature", MethodType.Unary);
        await Client.GetFeatureAsync(Point(GuideOfOutcomes.Answer), deadline: Soon, cancellationToken: Cancellation);
        await counts.ShowAsync(StatusCode.OK, clientSends: 1, serverSends: 1, clientReceives: 1);
        using var http = new HttpClient { BaseAddress = _server!.Management };

        var lines = (await http.GetStringAsync("/metrics", Cancellation)).Split('\n');

        const string scope = "otel_scope_name=\"MonoRepo.Grpc\"";
        const string method = "grpc_method=\"GetFeature\",grpc_service=\"routeguide.RouteGuide\",grpc_type=\"unary\"";
        var caller = $"{scope},caller=\"{_caller}\"";
        Assert.Contains($"grpc_server_started_total{{{caller},{method}}} 1", lines);
        Assert.Contains($"grpc_server_handled_total{{{caller},grpc_code=\"OK\",{method}}} 1", lines);
        Assert.Contains($"grpc_server_handled_total{{{caller},grpc_code=\"Unavailable\",{method}}} 0", lines);
        Assert.Contains($"grpc_server_msg_received_total{{{caller},{method}}} 1", lines);
        Assert.Contains($"grpc_server_msg_sent_total{{{caller},{method}}} 1", lines);
        Assert.Contains($"grpc_server_handling_seconds_bucket{{{caller},{method},le=\"+Inf\"}} 1", lines);
        Assert.Contains($"grpc_server_handling_seconds_count{{{caller},{method}}} 1", lines);
        foreach (var name in (string[])["started_total", "msg_received_total", "msg_sent_total", "handling_seconds_sum", "handling_seconds_count"])
        {
            Assert.Contains(lines, line => line.StartsWith($"grpc_client_{name}{{{scope},{method}}} ", StringComparison.Ordinal));
        }

        Assert.Contains(lines, line => line.StartsWith($"grpc_client_handled_total{{{scope},grpc_code=\"OK\",{method}}} ", StringComparison.Ordinal));
    }

    [Fact]
    public void CallersAreFew()
    {
        Assert.Equal(Caller.Unknown, Caller.Label(null));
        Assert.Equal(Caller.Other, Caller.Label("no name of a service"));
        Assert.Equal(Caller.Other, Caller.Label(new string('a', 64)));
    }

    private static DateTime Soon => DateTime.UtcNow.AddSeconds(20);

    private static DateTime DeadlineFor(int outcome) => outcome == GuideOfOutcomes.Wait ? DateTime.UtcNow.AddSeconds(0.3) : Soon;

    private static Point Point(int outcome) => new() { Latitude = outcome };

    private static async Task OutcomeAsync(StatusCode code, Func<Task> call)
    {
        if (code == StatusCode.OK)
        {
            await call();
        }
        else
        {
            Assert.Equal(code, (await Assert.ThrowsAsync<RpcException>(call)).StatusCode);
        }
    }

    private CallCounts Watch(string method, MethodType type) => new(
        CallMetrics.Client.Of($"/routeguide.RouteGuide/{method}", type, null), CallMetrics.Server.Of($"/routeguide.RouteGuide/{method}", type, _caller));
}
