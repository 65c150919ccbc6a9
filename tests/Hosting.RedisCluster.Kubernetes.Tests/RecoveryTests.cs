using MonoRepo.Tests.RedisOnKubernetes.Pods;

namespace MonoRepo.Tests.RedisOnKubernetes;

/// <summary>A member that comes back with less than it had: no order of restarts loses what one member still has.</summary>
public sealed class RecoveryTests
{
    private const int Keys = 300;

    [SlowFact]
    public async Task CacheThatRestartsAtOnceDoesNotEmptyItsReplica()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var pods = new RedisPods(durability: "off");
        await pods.Start(0, 1, 2, 3, 4, 5).ReadyAsync(cancellationToken);
        using var client = new RedisPodsClient(pods);
        await client.FillAsync("key", Keys, cancellationToken);
        await ReplicatedAsync(pods, cancellationToken);

        pods[0].RestartServer();
        await pods.ReadyAsync(cancellationToken);
        await client.VerifyAsync("key", Keys, cancellationToken);
        await ReplicatedAsync(pods, cancellationToken);

        // All masters: nobody is left to vote for a replica.
        List<RedisPod> masters = [];
        foreach (var pod in pods.All)
        {
            if (await pod.RoleAsync(cancellationToken) == "master")
            {
                masters.Add(pod);
            }
        }

        Parallel.ForEach(masters, pod => pod.RestartServer());
        await pods.ReadyAsync(cancellationToken);
        await client.VerifyAsync("key", Keys, cancellationToken);
    }

    [SlowFact]
    public async Task DataThatCannotBeReadAreCopiedFromWhoeverHasThem()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var pods = new RedisPods();
        await pods.Start(0, 1, 2, 3, 4, 5).ReadyAsync(cancellationToken);
        using var client = new RedisPodsClient(pods);
        await client.FillAsync("key", Keys, cancellationToken);
        await ReplicatedAsync(pods, cancellationToken);

        foreach (var (role, damage) in (IEnumerable<(string, Action<RedisPod>)>)[
            ("slave", FlipBytes), ("master", FlipBytes), (
                "master", Halve), ("master", RemoveAll), ("master", RemoveIdentity), ("slave", BreakIdentity)])
        {
            var pod = await FindAsync(pods, role, cancellationToken);
            var id = await pod.AskAsync(cancellationToken, "CLUSTER", "MYID");
            pod.RestartServer(() => damage(pod));
            await pods.ReadyAsync(cancellationToken);
            await client.VerifyAsync("key", Keys, cancellationToken);
            await ReplicatedAsync(pods, cancellationToken);
            Assert.Equal(id, await pod.AskAsync(cancellationToken, "CLUSTER", "MYID"));
        }
    }

    [Fact]
    public async Task DataThatNobodyElseHasAreKeptUntilAPersonDecides()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var pods = new RedisPods(replicasPerShard: 0);
        await pods.Start(0, 1, 2).ReadyAsync(cancellationToken);
        using var client = new RedisPodsClient(pods);
        await client.FillAsync("key", Keys, cancellationToken);
        var before = int.Parse(
            await pods[0].AskAsync(cancellationToken, "DBSIZE"), System.Globalization.CultureInfo.InvariantCulture);

        pods[0].RestartServer(() => FlipBytes(pods[0]));
        await WaitsAsync("Bad file format", "RedisShardDown");
        Assert.Contains("ok_up_to", await pods[0].DoAsync(cancellationToken, "repair.sh"), StringComparison.Ordinal);
        await pods[0].DoAsync(cancellationToken, "repair.sh", "truncate");
        await pods.ReadyAsync(cancellationToken);
        Assert.InRange(
            int.Parse(await pods[0].AskAsync(cancellationToken, "DBSIZE"), System.Globalization.CultureInfo.InvariantCulture),
            before / 4, before - 1);

        pods[0].RestartServer(() => RemoveAll(pods[0]));
        await WaitsAsync("the append-only file is gone");
        await pods[0].DoAsync(cancellationToken, "repair.sh", "empty");
        await pods.ReadyAsync(cancellationToken);
        Assert.Equal("0", await pods[0].AskAsync(cancellationToken, "DBSIZE"));
        Assert.Contains(
            "nothing to repair", (await pods[0].RunAsync(cancellationToken, "repair.sh", "empty")).Output,
            StringComparison.Ordinal);

        // What waits is alive, and says for what.
        async Task WaitsAsync(params string[] told)
        {
            await Eventually.HoldsAsync(
                async () =>
                {
                    pods.RestartEnded();
                    var ready = await pods[0].RunAsync(cancellationToken, "ready.sh");
                    return ready.ExitCode == 1 && told.All(t => ready.Output.Contains(t, StringComparison.Ordinal));
                },
                pods.Describe);
            Assert.Equal(0, (await pods[0].RunAsync(cancellationToken, "live.sh")).ExitCode);
        }
    }

    internal static void FlipBytes(RedisPod pod)
    {
        using var file = File.OpenWrite(AppendOnlyFile(pod));
        file.Position = file.Length / 2;
        file.Write("\u0001 sixteen bytes \u0002"u8[..16]);
    }

    private static void Halve(RedisPod pod)
    {
        using var file = File.OpenWrite(AppendOnlyFile(pod));
        file.SetLength(file.Length / 2);
    }

    private static void RemoveAll(RedisPod pod) => Directory.Delete(Path.Combine(pod.Data, "appendonlydir"), recursive: true);

    private static void RemoveIdentity(RedisPod pod) => File.Delete(Path.Combine(pod.Data, "nodes.conf"));

    private static void BreakIdentity(RedisPod pod)
    {
        var file = Path.Combine(pod.Data, "nodes.conf");
        File.WriteAllText(file, File.ReadAllText(file)[100..]);
    }

    /// <summary>The largest: what was written since the start, or what was copied from the master.</summary>
    private static string AppendOnlyFile(RedisPod pod) =>
        new DirectoryInfo(Path.Combine(pod.Data, "appendonlydir")).GetFiles("*.aof")
        .Concat(new DirectoryInfo(Path.Combine(pod.Data, "appendonlydir")).GetFiles("*.rdb")).MaxBy(f => f.Length)!.FullName;

    private static async Task<RedisPod> FindAsync(RedisPods pods, string role, CancellationToken cancellationToken)
    {
        foreach (var pod in pods.All)
        {
            if (await pod.RoleAsync(cancellationToken) == role)
            {
                return pod;
            }
        }

        throw new InvalidOperationException($"No {role}.");
    }

    /// <summary>Waits until every key is in a master and in its replica.</summary>
    private static Task ReplicatedAsync(RedisPods pods, CancellationToken cancellationToken) =>
        Eventually.HoldsAsync(
            async () => (await Task.WhenAll(pods.All.Select(p => p.AskAsync(cancellationToken, "DBSIZE"))))
                .Sum(size =>
                    int.TryParse(size, System.Globalization.CultureInfo.InvariantCulture, out var keys) ? keys : 0) == 2 * Keys,
            () => $"The replicas lack keys.\n{pods.Describe()}");
}
