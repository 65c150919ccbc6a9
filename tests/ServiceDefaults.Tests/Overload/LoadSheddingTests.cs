using Google.Rpc;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MonoRepo.ServiceDefaults.Grpc;
using MonoRepo.ServiceDefaults.Overload;
using Routeguide;
using static Routeguide.RouteGuide;

namespace MonoRepo.Tests.Overload;

/// <summary>A server with a place for one call, over the wire.</summary>
public sealed class LoadSheddingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RefusedCall_SaysWhenToTryAgain_AndIsCounted()
    {
        await using var host = await StartAsync(("Overload:QueueLimit", "0"));
        using var channel = GrpcChannel.ForAddress(host.Grpc);
        using var working = await OccupyAsync(host, channel);
        var headers = new Metadata { { "x-caller-service", "shed" }, { "baggage", "criticality=sheddable-plus" } };

        var refused = await Assert.ThrowsAsync<RpcException>(
            () => new RouteGuideClient(channel).GetFeatureAsync(new(), headers, cancellationToken: Cancellation).ResponseAsync);

        Assert.Equal(
            (Grpc.Core.StatusCode.ResourceExhausted, "The server is overloaded."), (refused.StatusCode, refused.Status.Detail));
        var delay = refused.GetRpcStatus()!.GetDetail<RetryInfo>()!.RetryDelay.ToTimeSpan();
        Assert.InRange(delay, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1.5));
        Assert.Equal(delay.TotalMilliseconds, int.Parse(refused.Trailers.GetValue("grpc-retry-pushback-ms")!), tolerance: 1);
        var health = new Health.HealthClient(channel).CheckAsync(new(), cancellationToken: Cancellation);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await health).Status);

        // Those of other tests in this process are in it too.
        using var http = new HttpClient();
        var metrics = await http.GetStringAsync(new Uri(host.Management, "/metrics"), Cancellation);
        Assert.Matches("""overload_shed_total{[^}]*criticality="sheddable-plus",reason="queue_full"[^}]*} [1-9]""", metrics);
        Assert.Matches("""overload_limit{[^}]*} [1-9]""", metrics);
        Assert.Matches(
            """grpc_server_call_duration_seconds_count{[^}]*caller="shed"[^}]*grpc_status="RESOURCE_EXHAUSTED"[^}]*} 1\b""",
            metrics);
    }

    [Fact]
    public async Task OurClients_TryAgainWhenTheyAreTold()
    {
        await using var host = await StartAsync(("Overload:QueueLimit", "0"), ("Overload:RetryDelay", "00:00:00.05"));
        using var channel = GrpcChannel.ForAddress(host.Grpc);
        var working = await OccupyAsync(host, channel);
        using var client = Client(host);

        var call = client.Services.GetRequiredService<RouteGuideClient>().GetFeatureAsync(
            new(), deadline: DateTime.UtcNow.AddSeconds(30), cancellationToken: Cancellation);
        await WaitForAsync(() => Statistics(host).TotalFailedLeases > 0);
        working.Dispose();

        await call;
    }

    [Fact]
    public async Task LimitOfTheServiceItself_IsNotTriedAgain()
    {
        await using var host = await StartAsync();
        using var client = Client(host);

        var call = client.Services.GetRequiredService<RouteGuideClient>()
            .GetFeatureAsync(
                new() { Latitude = GuideOfOutcomes.Exhausted }, deadline: DateTime.UtcNow.AddSeconds(30),
                cancellationToken: Cancellation);

        Assert.Equal("too much", (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).Status.Detail);
        Assert.Equal(1, Statistics(host).TotalSuccessfulLeases);
    }

    [Fact]
    public async Task OpenStream_GivesItsPlaceUp()
    {
        await using var host = await StartAsync(("Overload:StreamTime", "00:00:00.05"), ("Overload:QueueTime", "00:00:30"));
        using var channel = GrpcChannel.ForAddress(host.Grpc);
        var client = new RouteGuideClient(channel);
        using var chat = client.RouteChat(cancellationToken: Cancellation);
        await chat.RequestStream.WriteAsync(new(), Cancellation);
        Assert.True(await chat.ResponseStream.MoveNext(Cancellation));

        await client.GetFeatureAsync(new(), cancellationToken: Cancellation);

        await chat.RequestStream.CompleteAsync();
        Assert.True(await chat.ResponseStream.MoveNext(Cancellation));
        Assert.False(await chat.ResponseStream.MoveNext(Cancellation));
    }

    [Fact]
    public async Task Off_TakesEveryCall()
    {
        await using var host = await StartAsync(("Overload:Shedding", "false"));
        using var channel = GrpcChannel.ForAddress(host.Grpc);
        Assert.Null(host.App.Services.GetService<AdaptiveConcurrencyLimiter>());
        using var working = new RouteGuideClient(channel).GetFeatureAsync(
            new() { Latitude = GuideOfOutcomes.Wait }, cancellationToken: Cancellation);

        await new RouteGuideClient(channel).GetFeatureAsync(new(), cancellationToken: Cancellation);
    }

    private static Task<TestHost> StartAsync(params (string Key, string Value)[] settings) => TestHost.StartAsync(
        builder => builder.Services.AddSingleton<Action<WebApplication>>(app => app.MapGrpcService<GuideOfOutcomes>()),
        [("Overload:MinLimit", "1"), ("Overload:MaxLimit", "1"), .. settings]);

    private static async Task<AsyncUnaryCall<Feature>> OccupyAsync(TestHost host, GrpcChannel channel)
    {
        var call = new RouteGuideClient(channel).GetFeatureAsync(
            new() { Latitude = GuideOfOutcomes.Wait }, cancellationToken: Cancellation);
        await WaitForAsync(() => Statistics(host).CurrentAvailablePermits == 0);
        return call;
    }

    private static System.Threading.RateLimiting.RateLimiterStatistics Statistics(TestHost host) =>
        host.App.Services.GetRequiredService<AdaptiveConcurrencyLimiter>().GetStatistics();

    private static IHost Client(TestHost server)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration["services:test:grpc:0"] = server.Grpc.ToString();
        builder.AddServiceDefaults();
        builder.AddGrpcServiceClient<RouteGuideClient>("test");
        return builder.Build();
    }

    private static Task WaitForAsync(Func<bool> condition) =>
        Eventually.HoldsAsync(condition, () => "It did not happen.", interval: 5, TimeSpan.FromSeconds(30));
}
