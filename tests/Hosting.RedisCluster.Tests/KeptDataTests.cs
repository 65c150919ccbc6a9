using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting.RedisCluster.Topology;

namespace MonoRepo.Tests;

/// <summary>Data that outlives a run.</summary>
public sealed class KeptDataTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("monorepo-test-apphost-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public async Task KeptDataOutlivesTheRunUntilReset()
    {
        var key = HashSlot.KeyWithin(SlotRange.OfShard(0, 3), "kept:");
        await using (var redis = await RunningCluster.StartAsync(directory.FullName, [], r => r.WithDataVolume()))
        {
            await redis.UntilHealthyAsync();
            var first = (await redis.MembersAsync())[0];
            await first.SendAsync(Cancel, "SET", key, "value");
            await first.SendAsync(Cancel, "COMMITAOF");
        }

        await using (var redis = await RunningCluster.StartAsync(directory.FullName, [], r => r.WithDataVolume()))
        {
            await redis.UntilHealthyAsync();
            Assert.Equal("value", await (await redis.MembersAsync())[0].SendAsync(Cancel, "GET", key));
        }

        await using (var redis = await RunningCluster.StartAsync(directory.FullName, ["--reset"], r => r.WithDataVolume()))
        {
            await redis.UntilHealthyAsync();
            Assert.Null(await (await redis.MembersAsync())[0].SendAsync(Cancel, "GET", key));
        }
    }

    [Fact]
    public async Task ASecondRunOnTheSameDataIsRefusedInOneLine()
    {
        await using var first = await RunningCluster.StartAsync(directory.FullName, ["--redis", "redis-server"], r => r.WithDataVolume());
        await first.UntilHealthyAsync();

        await using var second = await RunningCluster.StartAsync(directory.FullName, ["--redis", "redis-server"], r => r.WithDataVolume());
        await second.UntilAsync("redis", s => s.State?.Text == KnownResourceStates.FailedToStart);

        await Eventually.Holds(
            async () => (await second.LogAsync(0)).Contains("Another run of this AppHost uses the data in", StringComparison.Ordinal),
            "the log says why", Cancel);
    }
}
