using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MonoRepo.ServiceDefaults.Grpc;
using Routeguide;
using static Routeguide.RouteGuide;

namespace MonoRepo.Tests;

/// <summary>
/// Both sides of real calls, of every kind and with every end: what the server and its caller show at <c>/metrics</c>.
/// </summary>
public sealed class CallMetricsTests : IAsyncLifetime
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);
    private readonly string _caller = $"caller-{Guid.NewGuid():N}";
    private readonly HttpClient _http = new();
    private TestHost? _server;
    private TestHost? _client;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private RouteGuideClient Client => _client!.App.Services.GetRequiredService<RouteGuideClient>();

    public async ValueTask InitializeAsync()
    {
        _server = await TestHost.StartAsync(builder => builder.Services.AddSingleton<Action<WebApplication>>(
            app => app.MapGrpcService<GuideOfOutcomes>()));
        _client = await TestHost.StartAsync(
            builder => builder.AddGrpcServiceClient<RouteGuideClient>("guide"),
            ("services:guide:grpc:0", _server.Grpc.ToString()), ("OTEL_SERVICE_NAME", _caller));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _client!.DisposeAsync();
        await _server!.DisposeAsync();
    }

    [Theory]
    [InlineData(GuideOfOutcomes.Answer, StatusCode.OK, "OK")]
    [InlineData(GuideOfOutcomes.Fault, StatusCode.Internal, "INTERNAL")]
    [InlineData(GuideOfOutcomes.Refusal, StatusCode.InvalidArgument, "INVALID_ARGUMENT")]
    [InlineData(GuideOfOutcomes.Status, StatusCode.NotFound, "NOT_FOUND")]
    [InlineData(GuideOfOutcomes.Wait, StatusCode.DeadlineExceeded, "DEADLINE_EXCEEDED")]
    public async Task UnaryCalls(int outcome, StatusCode code, string status)
    {
        await EndsAsync(
            code, () => Client.GetFeatureAsync(
                Point(outcome), deadline: DeadlineFor(outcome), cancellationToken: Cancellation).ResponseAsync);

        await ShowsAsync("GetFeature", "unary", status);
    }

    [Fact]
    public async Task BlockingCalls()
    {
        await Task.Run(() =>
            Client.GetFeature(Point(GuideOfOutcomes.Answer), deadline: Soon, cancellationToken: Cancellation), Cancellation);

        await ShowsAsync("GetFeature", "unary", "OK");
    }

    [Fact]
    public async Task CallThatItsCallerCancels()
    {
        using var leaving = new CancellationTokenSource();
        var call = Client.GetFeatureAsync(
            Point(GuideOfOutcomes.Wait), deadline: DateTime.UtcNow.AddMinutes(1), cancellationToken: leaving.Token);
        await WaitAsync(_server!, $"grpc_server_call_started_total{{{Labels("GetFeature", "unary")}}} 1");

        await leaving.CancelAsync();

        await EndsAsync(StatusCode.Cancelled, () => call.ResponseAsync);
        await ShowsAsync("GetFeature", "unary", "CANCELLED");
    }

    [Theory]
    [InlineData(GuideOfOutcomes.Answer, StatusCode.OK, "OK")]
    [InlineData(GuideOfOutcomes.Fault, StatusCode.Internal, "INTERNAL")]
    [InlineData(GuideOfOutcomes.Wait, StatusCode.DeadlineExceeded, "DEADLINE_EXCEEDED")]
    public async Task ServerStreamingCalls(int outcome, StatusCode code, string status)
    {
        using var call = Client.ListFeatures(
            new Rectangle { Lo = Point(outcome) }, deadline: DeadlineFor(outcome), cancellationToken: Cancellation);

        await EndsAsync(code, () => call.ResponseStream.ReadAllAsync(Cancellation).LastOrDefaultAsync(Cancellation).AsTask());

        await ShowsAsync("ListFeatures", "server_stream", status);
    }

    [Fact]
    public async Task StreamThatItsCallerGivesUp()
    {
        using (var call = Client.ListFeatures(
            new Rectangle { Lo = Point(GuideOfOutcomes.Wait) }, deadline: DateTime.UtcNow.AddMinutes(1),
            cancellationToken: Cancellation))
        {
            Assert.True(await call.ResponseStream.MoveNext(Cancellation));
        }

        await ShowsAsync("ListFeatures", "server_stream", "CANCELLED");
    }

    [Theory]
    [InlineData(GuideOfOutcomes.Answer, StatusCode.OK, "OK")]
    [InlineData(GuideOfOutcomes.Refusal, StatusCode.InvalidArgument, "INVALID_ARGUMENT")]
    public async Task ClientStreamingCalls(int outcome, StatusCode code, string status)
    {
        using var call = Client.RecordRoute(deadline: Soon, cancellationToken: Cancellation);
        await call.RequestStream.WriteAsync(Point(outcome), Cancellation);
        await call.RequestStream.CompleteAsync();

        await EndsAsync(code, () => call.ResponseAsync);

        await ShowsAsync("RecordRoute", "client_stream", status);
    }

    [Theory]
    [InlineData(GuideOfOutcomes.Answer, StatusCode.OK, "OK")]
    [InlineData(GuideOfOutcomes.Fault, StatusCode.Internal, "INTERNAL")]
    public async Task BidirectionalCalls(int outcome, StatusCode code, string status)
    {
        using var call = Client.RouteChat(deadline: Soon, cancellationToken: Cancellation);
        await call.RequestStream.WriteAsync(new RouteNote { Location = Point(outcome) }, Cancellation);
        await call.RequestStream.CompleteAsync();

        await EndsAsync(code, () => call.ResponseStream.ReadAllAsync(Cancellation).LastOrDefaultAsync(Cancellation).AsTask());

        await ShowsAsync("RouteChat", "bidi_stream", status);
    }

    [Fact]
    public void CallersAreFew()
    {
        Assert.Equal(Caller.Unknown, Caller.LabelOf(null));
        Assert.Equal(Caller.Other, Caller.LabelOf("no name of a service"));
        Assert.Equal(Caller.Other, Caller.LabelOf(new string('a', 64)));
    }

    private static DateTime Soon => DateTime.UtcNow.AddSeconds(20);

    private static DateTime DeadlineFor(int outcome) => outcome == GuideOfOutcomes.Wait ? DateTime.UtcNow.AddSeconds(0.3) : Soon;

    private static Point Point(int outcome) => new() { Latitude = outcome };

    private static async Task EndsAsync(StatusCode code, Func<Task> call)
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

    private string Labels(string method, string type, string status = "") =>
        $"otel_scope_name=\"MonoRepo.Grpc\",caller=\"{_caller}\",{MethodLabels(method, status)},grpc_type=\"{type}\"";

    private static string MethodLabels(string method, string status) =>
        $"grpc_method=\"routeguide.RouteGuide/{method}\"" + (status.Length > 0 ? $",grpc_status=\"{status}\"" : "");

    /// <summary>
    /// One call of this caller, of which both sides say that it ended so; the server ends a moment later than its client.
    /// </summary>
    private async Task ShowsAsync(string method, string type, string status)
    {
        await WaitAsync(_server!, $"grpc_server_call_started_total{{{Labels(method, type)}}} 1");
        await WaitAsync(_server!, $"grpc_server_call_duration_seconds_count{{{Labels(method, type, status)}}} 1");
        await WaitAsync(_server!, $"grpc_server_call_duration_seconds_bucket{{{Labels(method, type, status)},le=\"+Inf\"}} 1");

        // The meter is the process's: other tests' calls are in it, too.
        await WaitAsync(
            _client!,
            $"grpc_client_call_duration_seconds_count{{otel_scope_name=\"MonoRepo.Grpc\"," +
            $"{MethodLabels(method, status)},grpc_type=\"{type}\"}} ");
    }

    private Task WaitAsync(TestHost host, string line) => Eventually.BecomesAsync(
        () => _http.GetStringAsync(new Uri(host.Management, "/metrics"), Cancellation),
        metrics => metrics.Contains($"\n{line}", StringComparison.Ordinal), metrics => $"{line}\nnot in\n{metrics}", interval: 50,
        s_timeout);
}
