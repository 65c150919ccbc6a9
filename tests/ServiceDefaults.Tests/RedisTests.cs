using Microsoft.Extensions.Logging.Abstractions;
using MonoRepo.ServiceDefaults.Grpc;
using MonoRepo.ServiceDefaults.Redis;
using MonoRepo.Tests.Redis;
using StackExchange.Redis;

namespace MonoRepo.Tests;

public sealed class RedisTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("123456789", 0x31C3)] // the specification's own example
    [InlineData("foo", 12182)]
    [InlineData("{foo}.bar", 12182)]
    [InlineData("x{foo}{bar}", 12182)]
    [InlineData("{}foo", 9500)]
    public void SlotsFollowTheSpecification(string key, int slot) => Assert.Equal(slot, HashSlot.Of(key));

    [Fact]
    public async Task WithoutRedisACallFailsAtOnceAsUnavailable()
    {
        using var redis = new RedisConnection("127.0.0.1:1", TimeProvider.System, NullLogger<RedisConnection>.Instance);
        await redis.StartAsync(Cancellation);

        var exception = await Assert.ThrowsAsync<DependencyUnavailableException>(() => PingAsync(redis));

        Assert.Equal("Redis is away; try again.", exception.Message);
        Assert.Equal(RedisState.Away, redis.State);
    }

    [Fact]
    public async Task TheLossOfOneShardIsPartialAndItsReturnIsNoticed()
    {
        await using var cluster = await RedisClusterProcess.StartAsync(RedisEngine.Garnet, keepsData: true, cancellationToken: Cancellation);
        using var redis = new RedisConnection(cluster.ConnectionString, TimeProvider.System, NullLogger<RedisConnection>.Instance);
        await redis.StartAsync(Cancellation);
        await BecomesAsync(RedisState.Ready);

        await cluster.Nodes[1].KillAsync(Cancellation);
        await BecomesAsync(RedisState.Partial);

        await cluster.Nodes[1].StartAsync(Cancellation);
        await BecomesAsync(RedisState.Ready);
        Assert.True(await PingAsync(redis) >= TimeSpan.Zero);

        async Task BecomesAsync(RedisState state)
        {
            for (var start = TimeProvider.System.GetTimestamp(); redis.State != state; await Task.Delay(20, Cancellation))
            {
                Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(40), $"still {redis.State} instead of {state}");
            }
        }
    }

    private static Task<TimeSpan> PingAsync(RedisConnection redis) =>
        redis.CallAsync("PING", 0, static (database, _) => database.PingAsync(), Cancellation);
}
