using System.Net;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace MonoRepo.Tests;

/// <summary>The AppHost's graph as it runs.</summary>
[Collection<RunningStackCollection>]
public sealed class StackTests(RunningStack stack)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("redis")]
    [InlineData("redis-exporter")]
    [InlineData("routeguide-server")]
    [InlineData("routeguide-client")]
    [InlineData("todo-server")]
    public async Task Resource_AfterStart_IsHealthy(string name) =>
        await stack.App.ResourceNotifications.WaitForResourceHealthyAsync(name, Token).WaitAsync(RunningStack.StartTimeout, Token);

    [Fact]
    public async Task HttpClient_OfManagementEndpoint_SeesHealth()
    {
        using var client = stack.App.CreateHttpClient("todo-server", "management");

        using var response = await client.GetAsync("/health", Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>The orchestrator's proxy would pin a caller's HTTP/2 connection to one replica.</summary>
    [Fact]
    public async Task Calls_OfOneClient_ReachEveryReplica()
    {
        var server = Assert.Single(stack.App.Services.GetRequiredService<DistributedApplicationModel>().Resources, r => r.Name == "routeguide-server");

        await stack.Telemetry.WaitForSpansAsync(
            spans =>
            {
                var traces = spans.Where(span => span is { Kind: Span.Client, Service: "routeguide-client" }).Select(span => span.TraceId).ToHashSet();
                return spans.Where(span => span.Kind == Span.Server && span.Service == server.Name && traces.Contains(span.TraceId))
                    .Select(span => span.Instance).Distinct().Count() == server.GetReplicaCount();
            },
            Token);

        Assert.Equal(2, server.GetReplicaCount());
    }

    [Fact]
    public async Task Trace_OfClientCall_ReachesRedis()
    {
        var trace = await stack.Telemetry.WaitForTraceToRedisAsync(Token);

        Assert.Contains(trace, span => span.IsRedisCall);
    }

    [Fact]
    public async Task TelemetryApi_WithoutKey_IsRefused()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await stack.Telemetry.GetStatusAsync(null, Token));
        Assert.Equal(HttpStatusCode.Unauthorized, await stack.Telemetry.GetStatusAsync("wrong", Token));
    }
}
