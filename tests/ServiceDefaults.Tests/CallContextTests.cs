using System.Collections.Concurrent;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using MonoRepo.ServiceDefaults;
using MonoRepo.ServiceDefaults.Calls;
using MonoRepo.ServiceDefaults.Grpc;
using MonoRepo.Tests.Services;
using Routeguide;
using static Routeguide.RouteGuide;

namespace MonoRepo.Tests;

/// <summary>Contexts through real servers: an edge that calls an inner service.</summary>
public sealed class CallContextTests : IAsyncLifetime
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);
    private readonly List<TestHost> _hosts = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static CallOptions Options => new(deadline: DateTime.UtcNow.AddSeconds(20), cancellationToken: Cancellation);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ContextPassesThroughServers_WithAndWithoutTraces(bool traces)
    {
        using var receiver = OtlpReceiver.Start();
        var settings = traces ? receiver.Settings : [];
        var (inner, innerCalls) = await ServeAsync(settings: settings);
        var (edge, edgeCalls) = await ServeAsync(inner, settings: settings);
        var client = await ClientAsync(edge, settings);
        var sent = new CallContext
        {
            RequestId = "request-1",
            Tenant = "ACME, Inc. = ä",
            User = "jo",
            QuotaKey = "batch",
            Criticality = Criticality.SheddablePlus,
            Experiments = new Dictionary<string, string> { ["ranking"] = "new", ["page"] = "old" },
            EndUserToken = new("secret-token"),
        };

        using (sent.Use())
        {
            await client.GetFeatureAsync(new Point(), Options);
        }

        foreach (var received in new[] { Assert.Single(edgeCalls).Context, Assert.Single(innerCalls).Context })
        {
            Assert.Equal(sent.ToBaggage(), received.ToBaggage());
            Assert.Equal(("ACME, Inc. = ä", Criticality.SheddablePlus), (received.Tenant, received.Criticality));
            Assert.Equal("secret-token", received.EndUserToken!.Reveal());
        }

        if (traces)
        {
            string[] sources = ["Microsoft.AspNetCore", "OpenTelemetry.Instrumentation.GrpcNetClient"];
            await WaitAsync(
                () => sources.All(
                    source => receiver.Spans.Count(
                        span => span.Source == source && span.Attributes.GetValueOrDefault("request.id") == "request-1") >= 2));
            Assert.All(receiver.Spans, span =>
                Assert.DoesNotContain(span.Attributes, tag => tag.Value.Contains("secret-token", StringComparison.Ordinal)));

            // Those of other tests in this process come too.
            Assert.Single(receiver.Spans.Where(span => span.Attributes.GetValueOrDefault("request.id") == "request-1")
                .Select(span => span.Trace).Distinct());
        }
    }

    [Fact]
    public async Task CallWithoutContext_BeginsOneThatBothServersSee()
    {
        var (inner, innerCalls) = await ServeAsync();
        var (edge, edgeCalls) = await ServeAsync(inner);
        var client = await ClientAsync(edge, ("CallContext:Criticality", "sheddable"));

        await client.GetFeatureAsync(new Point(), Options);
        await client.GetFeatureAsync(new Point(), Options);

        Assert.Equal(edgeCalls.Select(call => call.Context.ToBaggage()), innerCalls.Select(call => call.Context.ToBaggage()));
        Assert.Equal(2, edgeCalls.Select(call => call.Context.RequestId).Distinct().Count());
        Assert.All(edgeCalls, call =>
            Assert.Equal((32, Criticality.Sheddable), (call.Context.RequestId.Length, call.Context.Criticality)));
    }

    [Fact]
    public async Task ExternalEndpoint_DropsWhatCallersClaim_AndIdentifiesThem()
    {
        var (inner, innerCalls) = await ServeAsync();
        var (edge, edgeCalls) = await ServeAsync(
            inner, options => options.Identify = (http, context) => context with { Tenant = $"of {http.Request.Path}" },
            isExternal: true);
        var client = await ClientAsync(edge);

        using (new CallContext
        {
            RequestId = "forged",
            User = "root",
            Criticality = Criticality.CriticalPlus,
            EndUserToken = new("forged"),
        }.Use())
        {
            await client.GetFeatureAsync(new Point(), Options.WithHeaders([new("authorization", "Bearer from-the-user")]));
        }

        var received = Assert.Single(edgeCalls).Context;
        Assert.Equal(("of /routeguide.RouteGuide/GetFeature", null, Criticality.Critical), (
            received.Tenant, received.User, received.Criticality));
        Assert.NotEqual("forged", received.RequestId);
        Assert.Equal(received.ToBaggage(), Assert.Single(innerCalls).Context.ToBaggage());
        Assert.Equal("from-the-user", Assert.Single(innerCalls).Context.EndUserToken!.Reveal());
    }

    [Theory]
    [InlineData("request.id=r,tenant.id=acme,evil=1", "r", "acme")]
    [InlineData("request.id=r,criticality=extreme", "r", null)]
    [InlineData("request.id=r,tenant.id=%0A", "r", null)]
    [InlineData("request.id=r,experiments=a:b:c", "r", null)]
    [InlineData("=,;;%%%,request.id", null, null)]
    [InlineData("request.id=r,x=OVERSIZED", null, null)]
    public async Task WhatIsUnknownInvalidOrOversized_IsLeftOut(string baggage, string? requestId, string? tenant)
    {
        var (server, calls) = await ServeAsync();
        using var channel = global::Grpc.Net.Client.GrpcChannel.ForAddress(server.Grpc);
        baggage = baggage.Replace("OVERSIZED", new string('x', 9000), StringComparison.Ordinal);

        await new RouteGuideClient(channel).GetFeatureAsync(new Point(), Options.WithHeaders([new("baggage", baggage)]));

        var context = Assert.Single(calls).Context;
        Assert.Equal((tenant, Criticality.Critical, 0), (context.Tenant, context.Criticality, context.Experiments.Count));
        Assert.True(requestId is null ? context.RequestId.Length == 32 : context.RequestId == requestId);
        Assert.DoesNotContain("evil", context.ToBaggage(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HttpCalls_TakeItToServices_AndNotToOtherHosts()
    {
        var received = new ConcurrentQueue<(bool Baggage, bool Token)>();
        var server = await StartAsync(
            builder => builder.Services.AddSingleton<Action<WebApplication>>(app => app.MapGet("/", (HttpContext http) =>
            {
                received.Enqueue((
                    http.Request.Headers.ContainsKey("baggage"), http.Request.Headers.ContainsKey("x-end-user-token")));
                return CallContext.Current.Tenant ?? "";
            })));
        var caller = await StartAsync(null, ("services:shop:http:0", server.Management.ToString()));
        using var http = caller.App.Services.GetRequiredService<IHttpClientFactory>().CreateClient();

        using (new CallContext { RequestId = "r", Tenant = "acme", EndUserToken = new("token") }.Use())
        {
            Assert.Equal("acme", await http.GetStringAsync("http://shop/", Cancellation));
            await http.GetStringAsync(server.Management, Cancellation);
        }

        Assert.Equal([(true, true), (false, false)], received);
    }

    [Fact]
    public async Task Deadline_ShrinksAlongTheChain()
    {
        var (inner, innerCalls) = await ServeAsync();
        var (edge, edgeCalls) = await ServeAsync(inner);
        var client = await ClientAsync(edge);

        await client.GetFeatureAsync(new Point(), Options);

        // The header has whole units of time: a little of it is lost on the way, and none is won.
        Assert.InRange(
            Assert.Single(innerCalls).Deadline, DateTime.UtcNow, Assert.Single(edgeCalls).Deadline.AddMilliseconds(100));
    }

    [Fact]
    public async Task CallerThatLeaves_EndsTheCallsMadeForIt()
    {
        var (inner, _) = await ServeAsync();
        var (edge, edgeCalls) = await ServeAsync(inner);
        var client = await ClientAsync(edge);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var call = client.GetFeatureAsync(new Point { Longitude = Relay.Hang }, Options.WithCancellationToken(leaving.Token));
        await WaitAsync(() => edgeCalls.Count == 1);
        await leaving.CancelAsync();

        await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        Assert.Equal(StatusCode.Cancelled, (await edgeCalls.Single().Ended.Task.WaitAsync(s_timeout, Cancellation)).StatusCode);
    }

    [Fact]
    public void QueuedWork_GetsContextAndTraceBack()
    {
        CapturedCall captured;
        using (new CallContext { RequestId = "r", Tenant = "acme" }.Use())
        {
            captured = CallContext.Capture();
        }

        Assert.Same(CallContext.None, CallContext.Current);
        using (captured.Restore("work"))
        {
            Assert.Equal("acme", CallContext.Current.Tenant);
            Assert.Equal(CallContext.Current.ToBaggage(), CallContext.Parse(CallContext.Current.ToBaggage()).ToBaggage());
        }

        Assert.Same(CallContext.None, CallContext.Current);
    }

    [Fact]
    public async Task LogLines_HaveTheContextAndNeverTheToken()
    {
        var log = new FakeLogCollector();
        var (server, _) = await ServeAsync(
            configure: builder => builder.Logging.AddProvider(new FakeLoggerProvider(log)).SetMinimumLevel(LogLevel.Trace));
        var client = await ClientAsync(server);

        using (new CallContext { RequestId = "r-42", Tenant = "acme", EndUserToken = new("very-secret") }.Use())
        {
            await client.GetFeatureAsync(new Point(), Options);
        }

        var lines = log.GetSnapshot().Select(r => $"{r.Message} {string.Join(' ', r.Scopes)}").ToList();
        Assert.Contains(
            lines, line => line.Contains("request.id=r-42 tenant.id=acme criticality=critical", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("very-secret", StringComparison.Ordinal));
        Assert.DoesNotContain(
            "very-secret", $"{new CallContext { EndUserToken = new("very-secret") }}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Experiments_AreAssignedOnceAtTheEdge_ForcedByAHeader_AndCountedOnce()
    {
        (string, string)[] all = [("Experiments:ranking:Arms:counted", "100")];
        (string, string)[] other = [("Experiments:ranking:Arms:old", "100")];
        var (inner, innerCalls) = await ServeAsync(settings: other);
        var (edge, edgeCalls) = await ServeAsync(inner, settings: [.. all, ("Experiments:ranking:Arms:forced", "0")]);
        using var channel = global::Grpc.Net.Client.GrpcChannel.ForAddress(edge.Grpc);
        var client = new RouteGuideClient(channel);

        await client.GetFeatureAsync(new Point(), Options);
        await client.GetFeatureAsync(new Point(), Options.WithHeaders([new("x-experiments", "ranking=forced")]));
        await client.GetFeatureAsync(new Point(), Options.WithHeaders([new("x-experiments", "ranking=none,other=arm")]));

        Assert.Equal(["counted", "forced", "counted"], edgeCalls.Select(call => call.Context.Experiments["ranking"]));
        Assert.Equal(["counted", "forced", "counted"], innerCalls.Select(call => call.Context.Experiments["ranking"]));
        edgeCalls.Last().Context.GetArm("ranking");
        edgeCalls.Last().Context.GetArm("ranking");
        using var http = new HttpClient { BaseAddress = edge.Management };
        // Two calls in each of the two servers, which share this process.
        var metrics = await http.GetStringAsync("/metrics", Cancellation);
        Assert.Contains(
            "experiment_exposures_total{otel_scope_name=\"MonoRepo.Calls\",arm=\"counted\",experiment=\"ranking\"} 4", metrics,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task ForcingExperiments_FromOutside_NeedsASetting()
    {
        (string, string)[] settings = [("Experiments:ranking:Arms:new", "0")];
        foreach (var isAllowed in (bool[])[false, true])
        {
            var (edge, calls) = await ServeAsync(
                isExternal: true, settings: [.. settings, ("CallContext:ForcedExperiments", $"{isAllowed}")]);
            using var channel = global::Grpc.Net.Client.GrpcChannel.ForAddress(edge.Grpc);

            await new RouteGuideClient(channel).GetFeatureAsync(
                new Point(), Options.WithHeaders([new("x-experiments", "ranking=new")]));

            Assert.Equal(isAllowed, Assert.Single(calls).Context.Experiments.ContainsKey("ranking"));
        }
    }

    [Fact]
    public void Experiment_AssignsStablyInItsProportions()
    {
        var errors = new List<string>();
        var experiment = Assert.Single(Experiment.Read(Configuration(
            ("Experiments:ranking:Arms:a", "10"), ("Experiments:ranking:Arms:b", "30.5"),
            ("Experiments:ranking:Criteria:tenant", "acme, globex")), errors));

        var arms = Enumerable.Range(
            0, 20_000).CountBy(i => experiment.Assign(new() { Tenant = "acme", User = $"user-{i}" }) ?? "").ToDictionary();

        Assert.Empty(errors);
        Assert.InRange(arms["a"], 1_800, 2_200);
        Assert.InRange(arms["b"], 5_800, 6_400);
        Assert.Null(experiment.Assign(new() { Tenant = "other", User = "user-1" }));

        // What it was yesterday, in another process and version.
        Assert.Equal(["b", "a", null], ((string[])["bob", "user-1", "kim"])
            .Select(user => experiment.Assign(new() { Tenant = "globex", User = user })));
    }

    [Fact]
    public void BadSettings_AreSaidAllAtOnceInOneLine()
    {
        var exception = Assert.Throws<ConfigurationException>(() =>
        {
            var builder = Host.CreateApplicationBuilder();
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["CallContext:Criticality"] = "urgent",
                ["CallContext:ExternalPorts"] = "8080,lots",
                ["Experiments:ranking:Arms:a"] = "70",
                ["Experiments:ranking:Arms:b"] = "50",
                ["Experiments:page:Arms:a"] = "-1",
                ["Experiments:page:Criteria:planet"] = "earth",
                ["Experiments:none"] = "",
            });
            builder.AddServiceDefaults();
        });

        Assert.Equal(
            "'urgent' in CallContext__Criticality isn't a criticality. Use one of critical-plus, critical, sheddable-plus, " +
            "sheddable. "
            + "'lots' in CallContext__ExternalPorts isn't a port, or stands there twice. Use numbers with commas, as in " +
            "8080,8443. "
            + "Experiments__none has no arms. Declare them with their percentages, as in Experiments__none__Arms__new=10. "
            + "'-1' in Experiments__page__Arms__a isn't a percentage. Use a number from 0 to 100. "
            + "Experiments__page has no arms. Declare them with their percentages, as in Experiments__page__Arms__new=10. "
            + "'planet' in Experiments__page__Criteria isn't a criterion. Use tenant, user, criticality. "
            + "The arms of Experiments__ranking sum to 120 %. Make it 100 or less; the rest takes no part.",
            exception.Message);
    }

    [Fact]
    public void ValuesThatDoNotFit_AreRefusedWhereTheyAreSet()
    {
        Assert.Throws<ArgumentException>(() => new CallContext { Tenant = new string('x', 129) });
        Assert.Throws<ArgumentException>(() => new CallContext { User = "a\nb" });
    }

    private static IConfigurationSection Configuration(params (string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value)).Build()
        .GetSection("Experiments");

    private static Task WaitAsync(Func<bool> condition) =>
        Eventually.HoldsAsync(condition, () => "It did not happen.", interval: 20, s_timeout);

    /// <summary>A server that keeps the contexts of its calls and calls the next one, if there is one.</summary>
    private async Task<(TestHost Host, ConcurrentQueue<Relay.Call> Calls)> ServeAsync(
        TestHost? next = null, Action<CallContextOptions>? options = null, bool isExternal = false,
        Action<WebApplicationBuilder>? configure = null,
        params (string Key, string Value)[] settings)
    {
        var relay = new Relay();
        var host = await StartAsync(
            builder =>
            {
                configure?.Invoke(builder);
                if (options is not null)
                {
                    builder.Services.Configure(options);
                }

                if (next is not null)
                {
                    builder.AddGrpcServiceClient<RouteGuideClient>("next");
                }

                builder.Services.AddSingleton(services =>
                {
                    relay.Next = services.GetService<RouteGuideClient>();
                    return relay;
                });
                builder.Services.AddSingleton<Action<WebApplication>>(app => app.MapGrpcService<Relay>());
            },
            isExternal,
            [.. settings, .. next is null ? [] : new[] { ("services:next:grpc:0", next.Grpc.ToString()) }]);
        return (host, relay.Calls);
    }

    private async Task<RouteGuideClient> ClientAsync(TestHost server, params (string Key, string Value)[] settings)
    {
        var host = await StartAsync(builder => builder.AddGrpcServiceClient<RouteGuideClient>("edge"), [
            .. settings,
            ("services:edge:grpc:0", server.Grpc.ToString()),
        ]);
        return host.App.Services.GetRequiredService<RouteGuideClient>();
    }

    private Task<TestHost> StartAsync(Action<WebApplicationBuilder>? configure, params (string Key, string Value)[] settings) =>
        StartAsync(configure, isExternal: false, settings);

    private async Task<TestHost> StartAsync(
        Action<WebApplicationBuilder>? configure, bool isExternal, (string Key, string Value)[] settings)
    {
        var host = await TestHost.StartAsync(configure, settings);
        _hosts.Add(host);
        if (isExternal)
        {
            // Its setting would have to name the port before the system has chosen one.
            host.App.Services.GetRequiredService<CallContextSettings>().ExternalPorts.Add(host.Grpc.Port);
        }

        return host;
    }

    /// <summary>Answers by asking the next.</summary>
    private sealed class Relay : RouteGuideBase
    {
        /// <summary>A longitude whose last call never ends by itself.</summary>
        public const int Hang = 1;

        public RouteGuideClient? Next { get; set; }

        public ConcurrentQueue<Call> Calls { get; } = new();

        public override async Task<Feature> GetFeature(Point request, ServerCallContext context)
        {
            var call = new Call(CallContext.Current, context.Deadline);
            call.Context.GetArm("ranking");
            Calls.Enqueue(call);
            try
            {
                if (Next is { } next)
                {
                    return await next.GetFeatureAsync(request);
                }

                await Task.Delay(request.Longitude == Hang ? Timeout.Infinite : 0, context.CancellationToken);
                return new Feature();
            }
            catch (RpcException exception)
            {
                call.Ended.SetResult(exception);
                throw;
            }
        }

        public sealed record Call(CallContext Context, DateTime Deadline)
        {
            public TaskCompletionSource<RpcException> Ended { get; } = new();
        }
    }
}
