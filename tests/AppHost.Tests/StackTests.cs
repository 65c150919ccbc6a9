using System.Net;
using System.Text.RegularExpressions;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;

namespace MonoRepo.Tests;

/// <summary>The AppHost's graph as it runs.</summary>
[Collection<RunningStackCollection>]
public sealed partial class StackTests(RunningStack stack)
{
    private static readonly Marshaller<byte[]> s_bytes = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task Resources_AfterStart_AreHealthy()
    {
        string[] names =
        [
            "redis", "redis-exporter", "notifier", "playbooks", "routeguide-server", "routeguide-client", "todo-server",
        ];
        return Task.WhenAll(names.Select(name => stack.App.ResourceNotifications.WaitForResourceHealthyAsync(name, Token)))
            .WaitAsync(RunningStack.StartTimeout, Token);
    }

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
        var server = Assert.Single(
            stack.App.Services.GetRequiredService<DistributedApplicationModel>().Resources, r => r.Name == "routeguide-server");

        await stack.Telemetry.WaitForSpansAsync(
            spans =>
            {
                var traces = spans.Where(span => span is { Kind: Span.Client, Service: "routeguide-client" })
                    .Select(span => span.TraceId).ToHashSet();
                return spans.Where(
                    span => span.Kind == Span.Server && span.Service == server.Name && traces.Contains(span.TraceId))
                    .Select(span => span.Instance).Distinct().Count() == server.GetReplicaCount();
            },
            Token);

        Assert.Equal(2, server.GetReplicaCount());
    }

    /// <summary>The graph's own calls have tokens; a person's needs one, too.</summary>
    [Fact]
    public async Task Calls_WithToken_AreTaken_AndWithout_AreRefused()
    {
        using var client = stack.App.CreateHttpClient("routeguide-server", "management");
        await Eventually.BecomesAsync(
            () => client.GetStringAsync("/metrics", Token), AllowedCalls().IsMatch, metrics => $"No allowed call in\n{metrics}",
            timeout: RunningStack.StartTimeout);
        using var channel = GrpcChannel.ForAddress(stack.App.GetEndpoint("todo-server", "grpc"));
        var method = new Method<byte[], byte[]>(MethodType.Unary, "todo.v1.TodoService", "ListItems", s_bytes, s_bytes);
        var token = new Metadata { { "authorization", $"Bearer {stack.App.CreateServiceToken("todo-server")}" } };
        Assert.Equal(StatusCode.Unauthenticated, await CallAsync([]));

        // The call reached the service, which rejects the empty request: parent is required.
        Assert.Equal(StatusCode.InvalidArgument, await CallAsync(token));
        token[0] = new("authorization", $"Bearer {stack.App.CreateServiceToken("routeguide-server")}");
        Assert.Equal(StatusCode.Unauthenticated, await CallAsync(token));

        async Task<StatusCode> CallAsync(Metadata headers) => (await Assert.ThrowsAsync<RpcException>(() =>
            channel.CreateCallInvoker().AsyncUnaryCall(
                method, null, new(headers, cancellationToken: Token), []).ResponseAsync)).StatusCode;
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

    [GeneratedRegex("""access_checks_total{[^}]*caller="routeguide-client",result="allowed"[^}]*} [1-9]""")]
    private static partial Regex AllowedCalls();
}
