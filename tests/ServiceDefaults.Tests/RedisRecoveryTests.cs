using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MonoRepo.ServiceDefaults.Redis;
using MonoRepo.Tests.Redis;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace MonoRepo.Tests;

/// <summary>A client of a whole cluster that moves or loses a shard.</summary>
public sealed class RedisRecoveryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Promised within 10 s of cluster_state:ok, and shorter where nothing else runs; here other test projects do.
    private static readonly TimeSpan s_recovery = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task ClientFollowsMembersThatComeBackAtNewAddresses()
    {
        await using var cluster = await MovingCluster.StartAsync();
        using var host = RedisHost.Build(cluster.ConnectionString);
        var redis = host.Services.GetRequiredService<IConnectionMultiplexer>();
        var messages = 0;
        await redis.GetSubscriber().SubscribeAsync(RedisChannel.Literal("news"), (_, _) => Interlocked.Increment(ref messages));
        await WriteAsync(redis);

        // Twice, as the second time what it remembers is of the first.
        for (var move = 1; move <= 2; move++)
        {
            await cluster.MoveAsync();
            var start = Stopwatch.GetTimestamp();

            await WithinAsync(() => WriteAsync(redis));
            var before = Volatile.Read(ref messages);
            await WithinAsync(async () =>
            {
                await redis.GetSubscriber().PublishAsync(RedisChannel.Literal("news"), "x");
                await Task.Delay(20, Cancellation);
                Assert.True(Volatile.Read(ref messages) > before, "no message arrived");
            });
            await WithinAsync(async () => Assert.Equal(HealthStatus.Healthy, (await host.CheckRedisAsync()).Status));
            TestContext.Current.SendDiagnosticMessage(
                $"move {move}: back after {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");

            async Task WithinAsync(Func<Task> attempt)
            {
                while (true)
                {
                    try
                    {
                        await attempt();
                        return;
                    }
                    catch (Exception exception) when (Stopwatch.GetElapsedTime(start) < s_recovery
                        && (exception.IsRedisUnavailable() || exception is Xunit.Sdk.XunitException))
                    {
                    }
                }
            }
        }

        static Task WriteAsync(IConnectionMultiplexer redis) => Task.WhenAll(
            Enumerable.Range(0, 30).Select(i => redis.GetDatabase().StringSetAsync($"key:{i}", i)));
    }

    [Fact]
    public async Task AddressThatWasNeverSeenIsThatOfTheOnlyMemberNotReached()
    {
        await using var cluster = await MovingCluster.StartAsync();
        var options = ConfigurationOptions.Parse(cluster.ConnectionString);
        options.AbortOnConnectFail = false;
        options.Tunnel = new Unreachable(cluster.Members[2]);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(options);
        var addresses = new MemberAddresses { Redis = redis };
        var former = new IPEndPoint(IPAddress.Parse("127.255.255.1"), cluster.Members[0].Port);

        await Eventually.HoldsAsync(
            async () => cluster.Members[2].Equals(await addresses.GetSocketConnectEndpointAsync(former, Cancellation)),
            () => "not found", interval: 20, s_recovery);

        // One that a view has named is that of the member there, reached or not.
        Assert.Equal(cluster.Members[0], await addresses.GetSocketConnectEndpointAsync(cluster.Members[0], Cancellation));
    }

    [Fact]
    public async Task LossOfOneShardIsDegradedAndItsReturnIsNoticed()
    {
        await using var cluster = await RedisClusterProcess.StartAsync(
            RedisEngine.Garnet, keepsData: true, cancellationToken: Cancellation);
        using var host = RedisHost.Build(cluster.ConnectionString);
        await BecomesAsync(HealthStatus.Healthy);

        await cluster.Nodes[1].KillAsync(Cancellation);
        await BecomesAsync(HealthStatus.Degraded);
        // The kubelet waits for two seconds.
        Assert.InRange((await host.CheckRedisAsync()).Duration, TimeSpan.Zero, TimeSpan.FromSeconds(1.9));

        await cluster.Nodes[1].StartAsync(Cancellation);
        await BecomesAsync(HealthStatus.Healthy);

        Task BecomesAsync(HealthStatus status) => Eventually.BecomesAsync(
            () => host.CheckRedisAsync(), now => now.Status == status,
            now => $"still {now.Status} instead of {status}: {now.Description}{now.Exception}", interval: 20,
            TimeSpan.FromSeconds(40));
    }

    private sealed class Unreachable(IPEndPoint member) : Tunnel
    {
        public override ValueTask<EndPoint?> GetSocketConnectEndpointAsync(
            EndPoint endpoint, CancellationToken cancellationToken) =>
            new(endpoint.Equals(member) ? new IPEndPoint(IPAddress.Loopback, 1) : endpoint);
    }
}
