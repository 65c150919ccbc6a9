using MonoRepo.Tests.RedisOnKubernetes.Pods;

namespace MonoRepo.Tests.RedisOnKubernetes;

public sealed class ScalingTests
{
    /// <remarks>Some minutes of work for both cores, so only on request: <c>-- --explicit only</c>.</remarks>
    [Fact(Explicit = true)]
    public async Task ThreeToFiveToThreeMastersUnderLoadLosesNoAcknowledgedWrite()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var pods = new RedisPods();
        await pods.Start(0, 1, 2, 3, 4, 5).ReadyAsync(cancellationToken);
        await using var load = new WriteLoad(pods, cancellationToken);
        await load.ProgressAsync(500, cancellationToken);

        pods.Resize(5, 1);
        pods.Start(6, 7, 8, 9);
        await Task.WhenAll(pods.All.Select(p => p.DoAsync(cancellationToken, "scale.sh", "lock")));
        await InterruptAsync(pods, "5", cancellationToken);
        await pods[0].DoAsync(cancellationToken, "scale.sh", "to", "5", "1");
        await Task.WhenAll(pods.All.Select(p => p.DoAsync(cancellationToken, "scale.sh", "unlock")));
        await FormationTests.ShapeAsync(pods, masters: 5, replicas: 5, cancellationToken);
        await load.ProgressAsync(500, cancellationToken);

        pods.Resize(3, 1);
        await Task.WhenAll(pods.All.Select(p => p.DoAsync(cancellationToken, "scale.sh", "lock")));
        await pods[0].DoAsync(cancellationToken, "scale.sh", "to", "3", "1");
        foreach (var leaving in (int[])[6, 7, 8, 9])
        {
            await pods[leaving].DoAsync(cancellationToken, "scale.sh", "retire");
        }

        await pods[0].DoAsync(cancellationToken, "scale.sh", "forget", "3", "1");
        foreach (var leaving in (int[])[6, 7, 8, 9])
        {
            pods.Remove(leaving);
        }

        await Task.WhenAll(pods.All.Select(p => p.DoAsync(cancellationToken, "scale.sh", "unlock")));
        await FormationTests.ShapeAsync(pods, masters: 3, replicas: 3, cancellationToken);
        await load.ProgressAsync(500, cancellationToken);
        await load.StopAndVerifyAsync(cancellationToken);
        Assert.Equal(6, (await pods[0].AskAsync(cancellationToken, "CLUSTER", "NODES")).Split('\n').Length);
    }

    [Theory]
    [InlineData("2", "1", 1, "at least three masters")]
    [InlineData("3", "one", 2, "usage")]
    [InlineData("3", "1", 1, "not locked")]
    public async Task WrongUseOfScalingIsRefused(string shards, string replicas, int exitCode, string told)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var pods = new RedisPods();

        var result = await pods[0].RunAsync(cancellationToken, "scale.sh", "to", shards, replicas);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(told, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MemberThatOwnsSlotsDoesNotRetire()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var pods = new RedisPods(replicasPerShard: 0);
        await pods.Start(0, 1, 2).ReadyAsync(cancellationToken);

        var (exitCode, output) = await pods[2].RunAsync(cancellationToken, "scale.sh", "retire");

        Assert.Equal(1, exitCode);
        Assert.Contains("redis-2 still owns 5462 slots", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RetiredMemberIsNotReadyAndComesBackWhereItIsWantedAgain()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var pods = new RedisPods(shards: 4, replicasPerShard: 0);
        await pods.Start(0, 1, 2, 3).ReadyAsync(cancellationToken);
        pods.Resize(5, 0);
        await pods.Start(4).ReadyAsync(cancellationToken);

        await pods[4].DoAsync(cancellationToken, "scale.sh", "retire");
        var (_, told) = await pods[4].RunAsync(cancellationToken, "ready.sh");
        await pods[4].DoAsync(cancellationToken, "scale.sh", "lock");

        Assert.Contains("retired", told, StringComparison.Ordinal);
        await pods.ReadyAsync(cancellationToken);
    }

    [SlowFact]
    public async Task SlotWhoseOwnerIsReplacedWhileItMovesIsMendedOnBothSides()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var pods = new RedisPods();
        await pods.Start(0, 1, 2, 3, 4, 5).ReadyAsync(cancellationToken);
        using var client = new RedisPodsClient(pods);
        await client.FillAsync("{moving}", 40, cancellationToken);
        var slot = await pods[0].AskAsync(cancellationToken, "CLUSTER", "KEYSLOT", "moving");
        var from = pods.All.Take(3).Single(p => p.AskAsync(cancellationToken, "CLUSTER", "COUNTKEYSINSLOT", slot).Result == "40");
        var to = pods.All.Take(3).First(p => p != from);

        // A move that is cut off: some keys are there, some here, and one was written on the new side.
        await to.AskAsync(cancellationToken, "CLUSTER", "SETSLOT", slot, "IMPORTING", await from.AskAsync(
            cancellationToken, "CLUSTER", "MYID"));
        await from.AskAsync(
            cancellationToken, "CLUSTER", "SETSLOT", slot, "MIGRATING", await to.AskAsync(cancellationToken, "CLUSTER", "MYID"));
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("OK", await from.AskAsync(
                cancellationToken, "MIGRATE", to.Address, $"{pods.Port}", $"{{moving}}:{i}", "0", "5000", "AUTH", pods.Password));
        }

        Assert.Equal("OK", await client.SendAsync(cancellationToken, "SET", "{moving}:40", "40"));
        await from.AskAsync(cancellationToken, "WAIT", "1", "5000");
        from.Kill();
        // Nobody scales now: the keepers alone bring back a cluster that serves all slots.
        await client.FillAsync("without", 100, cancellationToken);
        await client.SendAsync(cancellationToken, "SET", "{moving}:1", "1");
        await pods.Start(from.Ordinal).ReadyAsync(cancellationToken);

        await Task.WhenAll(pods.All.Select(p => p.DoAsync(cancellationToken, "scale.sh", "lock")));
        var told = await pods[0].DoAsync(cancellationToken, "scale.sh", "to", "3", "1");
        await Task.WhenAll(pods.All.Select(p => p.DoAsync(cancellationToken, "scale.sh", "unlock")));

        Assert.Contains($"left open: {slot}", told, StringComparison.Ordinal);
        await client.VerifyAsync("{moving}", 41, cancellationToken);
        Assert.DoesNotContain(await Task.WhenAll(pods.All.Select(p => p.AskAsync(cancellationToken, "CLUSTER", "NODES"))), n =>
            n.Contains('[', StringComparison.Ordinal));
        Assert.Equal("2000", (await pods[0].AskAsync(cancellationToken, "CONFIG", "GET", "cluster-node-timeout")).Split('\n')[1]);
    }

    /// <summary>A scaling that dies, with everything that it had started, while slots move.</summary>
    private static async Task InterruptAsync(RedisPods pods, string shards, CancellationToken cancellationToken)
    {
        using var scaling = pods[0].Begin("scale.sh", "to", shards, "1");
        await Eventually.HoldsAsync(
            async () => (await pods[6].AskAsync(cancellationToken, "CLUSTER", "INFO")).Contains(
                "cluster_state:ok", StringComparison.Ordinal)
                && (await Task.WhenAll(pods.All.Select(p => p.AskAsync(cancellationToken, "CLUSTER", "NODES"))))
                .Any(n => n.Contains("->-", StringComparison.Ordinal)),
            pods.Describe);
        // The script has a session of its own.
        await Shell.RunAsync(new Dictionary<string, string>(), "", cancellationToken, "kill", "-9", $"-{scaling.Id}");
        await scaling.WaitForExitAsync(cancellationToken);
    }
}
