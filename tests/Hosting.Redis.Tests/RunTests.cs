using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MonoRepo.Hosting.Redis.Cluster;
using StackExchange.Redis;

namespace MonoRepo.Tests;

/// <summary>The whole way: the graph, the real orchestrator, real servers.</summary>
public sealed class RunTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("monorepo-test-apphost-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Delete(recursive: true);

    [Theory]
    [InlineData("garnet")]
    [InlineData("redis-server")]
    public async Task TheClusterBecomesHealthyAndItsConnectionStringWorks(string server)
    {
        var start = TimeProvider.System.GetTimestamp();
        await using var redis = await RunningCluster.StartAsync(directory.FullName, ["--redis", server]);
        var healthy = await redis.UntilHealthyAsync();
        TestContext.Current.SendDiagnosticMessage($"{server}: healthy {TimeProvider.System.GetElapsedTime(start)} after the start.");

        Assert.Equal("3 members serve 16384 slots.", Assert.Single(healthy.HealthReports).Description);
        using var client = await ConnectionMultiplexer.ConnectAsync(await redis.ConnectionStringAsync());
        await client.GetDatabase().StringSetAsync("key", "value");
        Assert.Equal("value", await client.GetDatabase().StringGetAsync("key"));
        Assert.False(Directory.Exists(Path.Combine(directory.FullName, ".aspire", "redis")));
    }

    [Fact]
    public async Task AKilledMemberMakesTheClusterUnhealthyByName()
    {
        await using var redis = await RunningCluster.StartAsync(directory.FullName, ["--redis", "redis-server"]);
        await redis.UntilHealthyAsync();

        await redis.KillAsync(1);

        var unhealthy = await redis.UntilAsync("redis", s => s.HealthStatus == HealthStatus.Unhealthy);
        Assert.Contains("redis-1 does not answer on port", Assert.Single(unhealthy.HealthReports).Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GarnetsDeadMasterIsReplacedByItsReplica()
    {
        await using var redis = await RunningCluster.StartAsync(directory.FullName, ["--redis-replicas", "1"]);
        await redis.UntilHealthyAsync();
        var members = await redis.MembersAsync();
        var (master, replica) = (-1, members[0]);
        await Eventually.Holds(
            async () =>
            {
                // Which of the members is whose master may change on a machine that is slow enough.
                var views = await ClusterView.OfAsync(members, TimeProvider.System, Cancel);
                var follower = views.FirstOrDefault(view => views.Any(other => other.Myself is { IsMaster: true, Slots.Count: > 0 } && other.Myself.Id == view.Myself.MasterId));
                if (follower is not null)
                {
                    var followed = views.Single(view => view.Myself.Id == follower.Myself.MasterId).Member;
                    (master, replica) = (members.ToList().IndexOf(followed), follower.Member);
                }

                return follower is not null;
            },
            "a replica follows a master",
            Cancel);

        await redis.KillAsync(master);

        var took = await Eventually.Holds(
            async () => (await replica.ViewAsync(Cancel)).Myself is { IsMaster: true, Slots.Count: > 0 }, "the replica is master", Cancel);
        TestContext.Current.SendDiagnosticMessage($"Replaced {took} after the master's death.");
    }

    [Fact]
    public async Task KeptDataOutlivesTheRunUntilReset()
    {
        var key = HashSlot.KeyWithin(SlotRangeOfFirst, "kept:");
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

    [Fact]
    public async Task ThePasswordIsAskedForAndShownNowhere()
    {
        const string Secret = "s3cret-of-the-test";
        await using var redis = await RunningCluster.StartAsync(
            directory.FullName, ["--redis", "redis-server", $"--Parameters:redis-password={Secret}"],
            r => r.WithPassword(r.ApplicationBuilder.AddParameter("redis-password", secret: true)));
        await redis.UntilHealthyAsync();

        using var client = await ConnectionMultiplexer.ConnectAsync(await redis.ConnectionStringAsync());
        await client.GetDatabase().StringSetAsync("key", "value");
        var member = (await redis.MembersAsync())[0];
        var refusal = await Assert.ThrowsAsync<RespException>(() => (member with { Password = null }).SendAsync(Cancel, "GET", "key"));
        Assert.StartsWith("NOAUTH", refusal.Message, StringComparison.Ordinal);
        var snapshot = await redis.UntilAsync("redis-0", s => s.State?.Text == KnownResourceStates.Running);
        Assert.DoesNotContain(Secret, string.Join(' ', snapshot.Properties.Select(p => $"{p.Value}")), StringComparison.Ordinal);
        var log = await redis.LogAsync(0);
        Assert.Contains("Cluster state changed: ok", log, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, log, StringComparison.Ordinal);
    }

    private static MonoRepo.Hosting.Redis.Cluster.SlotRange SlotRangeOfFirst => MonoRepo.Hosting.Redis.Cluster.SlotRange.OfShard(0, 3);
}
