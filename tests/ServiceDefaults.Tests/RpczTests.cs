using System.Net.Http.Headers;
using System.Text.Json;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using MonoRepo.ServiceDefaults.Grpc;
using MonoRepo.ServiceDefaults.Rpcz;
using Routeguide;
using static Routeguide.RouteGuide;

namespace MonoRepo.Tests;

/// <summary>What <c>/rpcz</c> says of real calls through two servers.</summary>
public sealed class RpczTests : IAsyncLifetime
{
    private const string Method = "/routeguide.RouteGuide/GetFeature";
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);
    private readonly string _caller = $"caller-{Guid.NewGuid():N}";
    private readonly HttpClient _http = new();
    private readonly List<TestHost> _hosts = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static CallOptions Options => new(deadline: DateTime.UtcNow.AddSeconds(30), cancellationToken: Cancellation);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }
    }

    [Fact]
    public async Task CallsShowByEdge_WithCodesAndDurations()
    {
        var (edge, client) = await StartAsync();
        for (var i = 0; i < 3; i++)
        {
            await client.GetFeatureAsync(new Point(), Options);
        }

        await Assert.ThrowsAsync<RpcException>(
            () => client.GetFeatureAsync(new Point { Latitude = GuideOfOutcomes.Refusal }, Options).ResponseAsync);

        var page = await WaitAsync(edge, page => page.Edges.Count(row => row.Windows[0].Calls == 4) == 2);
        var incoming = Assert.Single(page.Edges, row => row.Direction == "in");
        var outgoing = Assert.Single(page.Edges, row => row.Direction == "out");
        Assert.Equal((_caller, Method), (incoming.From, incoming.To));
        Assert.Equal((Method, Method), (outgoing.From, outgoing.To));
        foreach (var row in page.Edges)
        {
            Assert.Equal(["1 min", "10 min", "1 h"], row.Windows.Select(window => window.Window));
            Assert.All(row.Windows, window => Assert.Equal((4, 1), (window.Calls, window.Codes["INVALID_ARGUMENT"])));
            Assert.All(row.Windows, window =>
                Assert.True(window.PerSecond > 0 && window.P50 > 0 && window.P50 <= window.P90 && window.P90 <= window.P99));
            Assert.Equal(0, row.InFlight);
        }

        Assert.Equal(8, page.Slowest.Count);
        Assert.Contains(page.Slowest, call => call is { Code: "INVALID_ARGUMENT", Direction: "in", Request.Length: 32 });

        // All hosts of this process give their edges to all of its exporters, each its own.
        var metrics = await _http.GetStringAsync(new Uri(edge.Management, "/metrics"), Cancellation);
        Assert.Contains(
            $"rpc_edge_calls_total{{otel_scope_name=\"MonoRepo.Rpcz\",grpc_method=\"{Method[1..]}\",grpc_status=\"OK\"," +
            $"grpc_target=\"{Method[1..]}\"}}",
            metrics, StringComparison.Ordinal);
        Assert.Contains("rpc_edge_seconds_total{", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallInFlight_ShowsUntilItEnds()
    {
        var (edge, client) = await StartAsync();
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var call = client.GetFeatureAsync(
            new Point { Latitude = GuideOfOutcomes.Wait }, Options.WithCancellationToken(leaving.Token));

        var page = await WaitAsync(edge, page => page.Edges.Count(row => row.InFlight == 1) == 2);
        Assert.Equal(["in", "out"], page.InFlight.Select(running => running.Direction).Order());
        Assert.All(page.InFlight, running => Assert.True(running.Milliseconds > 0));

        await leaving.CancelAsync();
        await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        page = await WaitAsync(edge, page => page.InFlight.Count == 0);
        Assert.All(page.Edges, row => Assert.Equal(1, row.Windows[0].Codes["CANCELLED"]));
    }

    [Fact]
    public async Task Page_IsHtmlWithoutScripts_AndJsonOnRequest_OnTheManagementEndpointOnly()
    {
        var (edge, client) = await StartAsync();
        await client.GetFeatureAsync(new Point(), Options);
        var uri = new Uri(edge.Management, "/rpcz");

        using var html = await _http.GetAsync(uri, Cancellation);
        Assert.Equal("text/html; charset=utf-8", html.Content.Headers.ContentType!.ToString());
        Assert.StartsWith(
            "default-src 'none'", Assert.Single(html.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        var text = await html.Content.ReadAsStringAsync(Cancellation);
        Assert.Contains(Method, text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", text, StringComparison.OrdinalIgnoreCase);

        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("application/json"));
        using var json = await _http.SendAsync(request, Cancellation);
        Assert.Equal("application/json", json.Content.Headers.ContentType!.MediaType);

        using var http2 = new HttpClient
        {
            DefaultRequestVersion = new Version(2, 0),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        Assert.Equal(
            System.Net.HttpStatusCode.NotFound, (await http2.GetAsync(new Uri(edge.Grpc, "/rpcz"), Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Page_CanBeTurnedOff()
    {
        var host = await TestHost.StartAsync(null, ("Rpcz:Enabled", "false"));
        _hosts.Add(host);

        Assert.Equal(
            System.Net.HttpStatusCode.NotFound,
            (await _http.GetAsync(new Uri(host.Management, "/rpcz"), Cancellation)).StatusCode);
    }

    [Fact]
    public void Page_EncodesWhatItShows_AndLinksTraces()
    {
        var evil = "<script>alert('&')</script>";
        var window = new WindowSnapshot("1 min", 1, 60, new Dictionary<string, long> { [evil] = 1 }, 1, 2, 3);
        var call = new CallSnapshot("in", evil, evil, 1, evil, evil, "0af7651916cd43dd8448eb211c80319c", evil);

        var html = RpczEndpoint.Render(
            new(evil, 1, [new("in", evil, evil, 1, 1, [window])], [call], [call]), new("http://localhost:18888"));

        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
        Assert.Contains(
            "<a href=\"http://localhost:18888/traces/detail/0af7651916cd43dd8448eb211c80319c\">", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Windows_ForgetAndKnowQuantiles()
    {
        var windows = new CallWindows();
        for (var i = 1; i <= 1000; i++)
        {
            windows.Add(1000, TimeSpan.FromMilliseconds(i), i % 10 == 0 ? 14 : 0);
        }

        var all = windows.Read(1001, code => $"{code}");
        Assert.All(all, window => Assert.Equal((1000, 100), (window.Calls, window.Codes["14"])));
        Assert.All(all, window => Assert.InRange(window.P50, 500 * 0.87, 500 * 1.13));
        Assert.All(all, window => Assert.InRange(window.P99, 990 * 0.87, 990 * 1.13));
        Assert.Equal([0, 1000, 1000], windows.Read(1061, code => $"{code}").Select(window => window.Calls));
        Assert.Equal([0, 0, 1000], windows.Read(1661, code => $"{code}").Select(window => window.Calls));
        Assert.Equal([0, 0, 0], windows.Read(4661, code => $"{code}").Select(window => window.Calls));
        Assert.InRange(CallWindows.BucketOf(TimeSpan.FromDays(1)), CallWindows.BucketOf(TimeSpan.FromMinutes(4)), int.MaxValue);
    }

    [Fact]
    public void Edges_AreBounded()
    {
        using var table = new CallTable(TimeProvider.System);
        var method = new Method<string, string>(
            MethodType.Unary, "service", "method", Marshallers.StringMarshaller, Marshallers.StringMarshaller);
        for (var i = 0; i < 3 * CallTable.MaxEdges; i++)
        {
            table.Begin($"caller-{i}", method, isOutgoing: false).End(StatusCode.OK);
        }

        Assert.Equal(CallTable.MaxEdges + 1, table.Edges.Count());
        Assert.Equal(2 * CallTable.MaxEdges, table.Edges.Single(edge => edge.Key.From == "other").Value.Totals().Single().Calls);
        Assert.Equal(20, table.Slowest().Count);
    }

    /// <summary>A server whose GetFeature asks another one, and a client of it.</summary>
    private async Task<(TestHost Edge, RouteGuideClient Client)> StartAsync()
    {
        var inner = await AddAsync(
            builder => builder.Services.AddSingleton<Action<WebApplication>>(app => app.MapGrpcService<GuideOfOutcomes>()));
        var edge = await AddAsync(
            builder =>
            {
                builder.AddGrpcServiceClient<RouteGuideClient>("inner");
                builder.Services.AddSingleton<Action<WebApplication>>(app => app.MapGrpcService<Relay>());
            },
            ("services:inner:grpc:0", inner.Grpc.ToString()));
        var client = await AddAsync(
            builder => builder.AddGrpcServiceClient<RouteGuideClient>("edge"), ("services:edge:grpc:0", edge.Grpc.ToString()),
            ("OTEL_SERVICE_NAME", _caller));
        return (edge, client.App.Services.GetRequiredService<RouteGuideClient>());
    }

    private async Task<TestHost> AddAsync(Action<WebApplicationBuilder> configure, params (string Key, string Value)[] settings)
    {
        var host = await TestHost.StartAsync(configure, settings);
        _hosts.Add(host);
        return host;
    }

    // A server's call ends a moment after its client has the answer.
    private async Task<RpczSnapshot> WaitAsync(TestHost host, Func<RpczSnapshot, bool> condition) =>
        Parse(await Eventually.BecomesAsync(
            () => _http.GetStringAsync(new Uri(host.Management, "/rpcz?format=json"), Cancellation),
            text => condition(Parse(text)), text => text, interval: 20, s_timeout));

    private static RpczSnapshot Parse(string text) =>
        JsonSerializer.Deserialize<RpczSnapshot>(text, JsonSerializerOptions.Web)!;

    private sealed class Relay(RouteGuideClient next) : RouteGuideBase
    {
        public override async Task<Feature> GetFeature(Point request, ServerCallContext context) =>
            await next.GetFeatureAsync(request);
    }
}
