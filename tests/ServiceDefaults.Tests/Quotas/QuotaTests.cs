using System.Diagnostics.Metrics;
using System.Net;
using Google.Rpc;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MonoRepo.ServiceDefaults;
using MonoRepo.ServiceDefaults.Calls;
using MonoRepo.ServiceDefaults.Quotas;
using MonoRepo.ServiceDefaults.Quotas.V1;
using Routeguide;
using StackExchange.Redis;
using static Routeguide.RouteGuide;
using Quota = MonoRepo.ServiceDefaults.Quotas.Quota;
using StatusCode = Grpc.Core.StatusCode;

namespace MonoRepo.Tests.Quotas;

/// <summary>Quotas of a server, over the wire; shared ones through a real redis-server.</summary>
public sealed class QuotaTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CallBeyondTheQuota_SaysWhichAndWhenToTryAgain_AndIsCounted()
    {
        await using var host = await StartAsync(("Quotas:user:PerSecond", "0.1"), ("Quotas:user:Burst", "2"));
        using var channel = GrpcChannel.ForAddress(host.Grpc);
        await CallAsync(channel, "enduser.id=ann");
        await CallAsync(channel, "enduser.id=ann");

        var refused = await Assert.ThrowsAsync<RpcException>(() => CallAsync(channel, "enduser.id=ann"));

        Assert.Equal((StatusCode.ResourceExhausted, "Beyond the quota user: 0.1 per second, burst 2."), (
            refused.StatusCode, refused.Status.Detail));
        Assert.Equal("user:ann", Assert.Single(refused.GetRpcStatus()!.GetDetail<QuotaFailure>()!.Violations).Subject);
        var delay = refused.GetRpcStatus()!.GetDetail<RetryInfo>()!.RetryDelay.ToTimeSpan();
        Assert.InRange(delay, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(16));
        Assert.Equal(delay.TotalMilliseconds, int.Parse(refused.Trailers.GetValue("grpc-retry-pushback-ms")!), tolerance: 1);

        // Others have their own, who says nothing has none, and health is no call.
        await CallAsync(channel, "enduser.id=bob");
        for (var i = 0; i < 4; i++)
        {
            await CallAsync(channel, "tenant.id=acme");
            await new Health.HealthClient(channel).CheckAsync(
                new(), new Metadata { { "baggage", "enduser.id=ann" } }, cancellationToken: Cancellation);
        }

        using var http = new HttpClient();
        var metrics = await http.GetStringAsync(new Uri(host.Management, "/metrics"), Cancellation);
        Assert.Matches("""quota_checks_total{[^}]*quota="user",result="accepted"[^}]*} 3\b""", metrics);
        Assert.Matches("""quota_checks_total{[^}]*quota="user",result="refused"[^}]*} 1\b""", metrics);
    }

    [Fact]
    public async Task Service_ExplainsChecksAndLists()
    {
        await using var host = await StartAsync(
            ("Quotas:tenant:PerSecond", "0.01"), ("Quotas:tenant:Burst", "10"),
            ("Quotas:lists:PerSecond", "0.01"), ("Quotas:lists:Burst", "1"), ("Quotas:lists:Dimension", "caller"),
            ("Quotas:lists:Method", "routeguide.RouteGuide/List*"));
        using var channel = GrpcChannel.ForAddress(host.Grpc);
        var client = new QuotaService.QuotaServiceClient(channel);
        var acme = new CallDescription { Tenant = "acme", Caller = "shop", Method = "routeguide.RouteGuide/GetFeature" };

        await CallAsync(channel, "tenant.id=acme");
        Assert.True((await client.CheckAsync(new() { Call = acme, Cost = 7 }, cancellationToken: Cancellation)).Accepted);
        Assert.True((await client.CheckAsync(new() { Call = acme }, cancellationToken: Cancellation)).Accepted);
        var refused = await client.CheckAsync(new() { Call = acme, Cost = 3 }, cancellationToken: Cancellation);
        Assert.Equal("tenant", refused.RefusedBy);
        Assert.InRange(refused.RetryAfterSeconds, 50, 101);

        var quotas = (await client.ExplainAsync(new() { Call = acme }, cancellationToken: Cancellation)).Quotas;
        Assert.Equal(
            ["tenant True The tenant is acme. 2", "lists False It is for routeguide.RouteGuide/List*, and the method is " +
                "routeguide.RouteGuide/GetFeature. 0"],
            quotas.OrderByDescending(quota => quota.Name)
                .Select(quota => $"{quota.Name} {quota.Applies} {quota.Reason} {Math.Floor(quota.Left)}"));
        var usage = Assert.Single((await client.ListUsageAsync(new(), cancellationToken: Cancellation)).Usages);
        Assert.Equal(("tenant", "acme", 8, 3), (usage.Quota, usage.Partition, usage.Accepted, usage.Refused));

        var invalid = await Assert.ThrowsAsync<RpcException>(
            () => client.CheckAsync(new() { Call = acme, Cost = 11 }, cancellationToken: Cancellation).ResponseAsync);
        Assert.Equal(StatusCode.InvalidArgument, invalid.StatusCode);
    }

    [Fact]
    public async Task WithoutQuotas_NothingIsThere()
    {
        await using var host = await StartAsync();
        using var channel = GrpcChannel.ForAddress(host.Grpc);

        Assert.Null(host.App.Services.GetService<QuotaSet>());
        var missing = await Assert.ThrowsAsync<RpcException>(
            () => new QuotaService.QuotaServiceClient(channel).ListUsageAsync(
                new(), cancellationToken: Cancellation).ResponseAsync);
        Assert.Equal(StatusCode.Unimplemented, missing.StatusCode);
    }

    [Fact]
    public async Task HttpRequestBeyondTheQuota_Is429()
    {
        await using var host = await TestHost.StartAsync(
            builder => builder.Services.AddSingleton<Action<WebApplication>>(app => app.MapGet("/lists/{id}", (string id) => id)),
            ("Quotas:method:PerSecond", "0.1"), ("Quotas:method:Burst", "1"));
        using var http = new HttpClient { BaseAddress = host.Management };

        Assert.Equal("1", await http.GetStringAsync("/lists/1", Cancellation));
        using var refused = await http.GetAsync("/lists/2", Cancellation);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(17));
        Assert.Equal("Healthy", await http.GetStringAsync("/alive", Cancellation));
        Assert.Equal("Healthy", await http.GetStringAsync("/alive", Cancellation));
    }

    [Fact]
    public async Task EverythingThatIsWrong_IsSaidAtOnce()
    {
        var exception = await Assert.ThrowsAsync<ConfigurationException>(() => StartAsync(
            ("Quotas:user:PerSecond", "-1"), ("Quotas:user:Burst", "0"), ("Quotas:user:Scope", "world"),
            ("Quotas:country:PerSecond", "100"), ("Quotas:country:Burst", "5")));

        Assert.Equal(
            "'country' in Quotas__country__Dimension isn't a dimension. Use caller, tenant, user, key or method. "
            + "'5' in Quotas__country__Burst isn't a burst. Use a whole number, at least 1 and a tenth of PerSecond. "
            + "'-1' in Quotas__user__PerSecond isn't a rate. Use a number above 0, at most 1000000. "
            + "'0' in Quotas__user__Burst isn't a burst. Use a whole number, at least 1 and a tenth of PerSecond. "
            + "'world' in Quotas__user__Scope isn't shared or replica.",
            exception.Message);
    }

    [Fact]
    public async Task SharedQuotaWithoutRedis_IsSaidAtTheStart()
    {
        var exception = await Assert.ThrowsAsync<ConfigurationException>(
            () => StartAsync(("Quotas:user:PerSecond", "1"), ("Quotas:user:Burst", "1"), ("Quotas:user:Scope", "shared")));

        Assert.StartsWith("The quota 'user' is shared, which needs Redis", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MadeUpPartitions_AreBounded()
    {
        using var meter = new Meter("test");
        var quota = new Quota("user", "user", 0.001, 1);
        var partitioned = new PartitionedQuota(
            quota, _ => new LocalBucket(quota), TimeProvider.System, new(meter, "a", "", ""), new(meter, "b", "", ""));
        for (var i = 0; i < PartitionedQuota.MaxPartitions; i++)
        {
            Assert.Null(await partitioned.TakeAsync($"{i}", 1));
        }

        // They share what is left, and those that were there keep their own.
        Assert.Null(await partitioned.TakeAsync("one more", 1));
        Assert.NotNull(await partitioned.TakeAsync("and another", 1));
        Assert.NotNull(await partitioned.TakeAsync("0", 1));
        Assert.Equal(PartitionedQuota.MaxPartitions + 1, partitioned.Buckets.Count());
    }

    [Fact]
    public async Task SharedQuota_IsOneOverAllReplicas_AndOutlivesRedisAsDeclared()
    {
        await using var redis = await RedisServerProcess.StartAsync("secret");
        await using var one = await StartSharedAsync(redis.Address);
        await using var two = await StartSharedAsync(redis.Address);
        using var first = GrpcChannel.ForAddress(one.Grpc);
        using var second = GrpcChannel.ForAddress(two.Grpc);

        // Both replicas together accept no more than the burst. They connect to Redis first, because a call doesn't wait for the
        // connection.
        await WaitForAsync(() => AcceptsAsync(first, "tenant.id=warm"));
        await WaitForAsync(() => AcceptsAsync(second, "tenant.id=warm"));
        var accepted = 0;
        for (var i = 0; i < 40; i++)
        {
            accepted += await AcceptsAsync(i % 2 == 0 ? first : second, "tenant.id=acme") ? 1 : 0;
        }

        Assert.Equal(20, accepted);

        // Scripts aren't allowed: Redis is there, and can't be asked.
        await using var admin = await ConnectionMultiplexer.ConnectAsync($"{redis.Address},password=secret");
        await admin.GetDatabase().ExecuteAsync("ACL", "SETUSER", "default", "-eval", "-evalsha");
        await WaitForAsync(() => RefusesUnchecked(first, "tenant.id=other"));
        await CallAsync(first, "enduser.id=ann");
        await admin.GetDatabase().ExecuteAsync("ACL", "SETUSER", "default", "+eval", "+evalsha");
        await WaitForAsync(() => AcceptsAsync(first, "tenant.id=other"));

        await redis.DisposeAsync();
        await WaitForAsync(() => RefusesUnchecked(second, "tenant.id=other"));
        await CallAsync(second, "enduser.id=ann");

        using var http = new HttpClient();
        var metrics = await http.GetStringAsync(new Uri(two.Management, "/metrics"), Cancellation);
        Assert.Matches("""quota_unavailable_total{[^}]*quota="user",result="accepted"[^}]*} [1-9]""", metrics);
        Assert.Matches("""quota_unavailable_total{[^}]*quota="tenant",result="refused"[^}]*} [1-9]""", metrics);
    }

    private static Task<TestHost> StartAsync(params (string Key, string Value)[] settings) => TestHost.StartAsync(
        builder => builder.Services.AddSingleton<Action<WebApplication>>(app => app.MapGrpcService<GuideOfOutcomes>()), settings);

    private static Task<TestHost> StartSharedAsync(string redis) => TestHost.StartAsync(
        builder =>
        {
            builder.AddRedisClient("redis");
            builder.Services.AddSingleton<Action<WebApplication>>(app => app.MapGrpcService<GuideOfOutcomes>());
        },
        ("ConnectionStrings:redis", $"{redis},password=secret"),
        ("Quotas:tenant:PerSecond", "0.01"), ("Quotas:tenant:Burst", "20"), ("Quotas:tenant:Scope", "shared"),
        ("Quotas:tenant:WhenUnavailable", "refuse"),
        ("Quotas:user:PerSecond", "0.01"), ("Quotas:user:Burst", "20"), ("Quotas:user:Scope", "shared"));

    private static async Task CallAsync(GrpcChannel channel, string baggage) =>
        await new RouteGuideClient(channel).GetFeatureAsync(
            new(), new Metadata { { "baggage", baggage } }, cancellationToken: Cancellation);

    private static async Task<string?> RefusalAsync(GrpcChannel channel, string baggage)
    {
        try
        {
            await CallAsync(channel, baggage);
            return null;
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.ResourceExhausted)
        {
            return exception.Status.Detail;
        }
    }

    private static async Task<bool> AcceptsAsync(GrpcChannel channel, string baggage) =>
        await RefusalAsync(channel, baggage) is null;

    private static async Task<bool> RefusesUnchecked(GrpcChannel channel, string baggage) =>
        await RefusalAsync(channel, baggage) == "The quota tenant can't be checked for now.";

    private static Task WaitForAsync(Func<Task<bool>> condition) =>
        Eventually.HoldsAsync(condition, () => "It did not happen.", interval: 20, TimeSpan.FromSeconds(30));
}
