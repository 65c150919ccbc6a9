using System.Diagnostics;
using MonoRepo.Deploy;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Restore;
using MonoRepo.Deploy.Rollout;
using MonoRepo.Deploy.Secrets;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Tests;

/// <summary>A Redis Cluster on a real one: each test leaves three shards that are whole.</summary>
public sealed class RedisClusterTests(RedisDeployment redis) : IClassFixture<RedisDeployment>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ClusterFormsByItself()
    {
        RedisDeployment.SkipWithoutCluster();

        TestContext.Current.TestOutputHelper?.WriteLine($"Formed after {redis.Formation}.");
        Assert.Contains(
            "cluster_state:ok", await redis.InMemberAsync(0, "redis-cli CLUSTER INFO", Cancel), StringComparison.Ordinal);
        Assert.Equal(6, await redis.ServedAsync(Cancel));
    }

    [Fact]
    public async Task DeletingAllPodsKeepsTheDataAndTheClusterIsBackWithinAMinute()
    {
        RedisDeployment.SkipWithoutCluster();
        var writes = new AcknowledgedWrites(redis, "deleted");
        await writes.StartAsync(Cancel);
        var begin = Stopwatch.GetTimestamp();

        await redis.Cluster.DeleteAsync(
            [.. Enumerable.Range(0, 6).Select(i => new ObjectKey("", "Pod", $"redis-{i}"))], new() { Wait = true }, Cancel);
        await redis.ReadyAsync(6, Cancel);

        var took = Stopwatch.GetElapsedTime(begin);
        TestContext.Current.TestOutputHelper?.WriteLine($"All ready {took} after the deletion.");
        await writes.ProgressAsync(50, Cancel);
        await writes.StopAsync(Cancel);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task KilledMasterIsReplacedAndTheServiceIsNeverEmpty()
    {
        RedisDeployment.SkipWithoutCluster();
        await redis.ReadyAsync(6, Cancel);
        var writes = new AcknowledgedWrites(redis, "killed");
        await writes.StartAsync(Cancel);
        var master = 0;
        while (!(await redis.InMemberAsync(master, "redis-cli ROLE", Cancel)).StartsWith("master", StringComparison.Ordinal))
        {
            master++;
        }

        // Without grace, as when its node dies: nothing is handed over.
        await redis.Cluster.DeleteAsync([new("", "Pod", $"redis-{master}")], new() { GracePeriodSeconds = 0 }, Cancel);
        var served = 6;
        var goal = writes.ProgressAsync(100, Cancel);
        while (!goal.IsCompleted)
        {
            served = Math.Min(served, await redis.ServedAsync(Cancel));
            await Task.Delay(250, Cancel);
        }

        await goal;
        await redis.ReadyAsync(6, Cancel);
        TestContext.Current.TestOutputHelper?.WriteLine($"The Service led to {served} members at least.");
        Assert.InRange(served, 1, 6);
    }

    [Fact]
    public async Task RollingAllMembersLosesNoAcknowledgedWrite()
    {
        RedisDeployment.SkipWithoutCluster();
        await redis.ReadyAsync(6, Cancel);
        var writes = new AcknowledgedWrites(redis, "rolled");
        await writes.StartAsync(Cancel);
        var before = (await redis.MembersAsync(Cancel)).Select(Uid).ToHashSet();

        // As `kubectl rollout restart` does; the next apply takes the annotation away again, which rolls once more.
        await redis.Cluster.PatchAsync(
            new("apps", "StatefulSet", "redis"),
            new($$"""{"spec": {"template": {"metadata": {"annotations": {"rolled": "{{Guid.NewGuid()}}"} } } } }"""), Cancel);
        await RedisDeployment.UntilAsync(
            async () => (await redis.MembersAsync(Cancel)).All(m => !before.Contains(Uid(m))), "all members are new");
        await redis.ReadyAsync(6, Cancel);

        await writes.ProgressAsync(50, Cancel);
        await writes.StopAsync(Cancel);
    }

    [Fact]
    public async Task ThreeToFiveToThreeShardsLosesNoAcknowledgedWriteThoughInterrupted()
    {
        RedisDeployment.SkipWithoutCluster();
        await redis.ReadyAsync(6, Cancel);
        var writes = new AcknowledgedWrites(redis, "scaled");
        await writes.StartAsync(Cancel);
        using (var interrupted = CancellationTokenSource.CreateLinkedTokenSource(Cancel))
        {
            // While slots move.
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => redis.ApplyAsync(5, interrupted.Token, line =>
            {
                if (line.Contains("Moving", StringComparison.Ordinal))
                {
                    interrupted.Cancel();
                }
            }));
        }

        var set = Assert.Single(await redis.Cluster.GetAsync(
            ObjectQuery.Of(new ObjectKey("apps", "StatefulSet", "redis")), Cancel));
        Assert.NotNull(set.Map("metadata")!.Map("annotations")!.Text(KubernetesLabels.ScalingUnderWay));
        await redis.ApplyAsync(5, Cancel);
        await redis.ReadyAsync(10, Cancel);
        Assert.Contains(
            "cluster_size:5", await redis.InMemberAsync(0, "redis-cli CLUSTER INFO", Cancel), StringComparison.Ordinal);

        await redis.ApplyAsync(3, Cancel);
        await redis.ReadyAsync(6, Cancel);
        var info = await redis.InMemberAsync(0, "redis-cli CLUSTER INFO", Cancel);
        Assert.Contains("cluster_size:3", info, StringComparison.Ordinal);
        Assert.Contains("cluster_known_nodes:6", info, StringComparison.Ordinal);
        Assert.Equal("", await redis.InMemberAsync(0, "ls /data | grep lock || true", Cancel));
        await writes.ProgressAsync(50, Cancel);
        await writes.StopAsync(Cancel);
    }

    [Fact]
    public async Task OwnerThatDiesWhileItsLargeKeyMovesLosesNothing()
    {
        RedisDeployment.SkipWithoutCluster();
        await redis.ReadyAsync(6, Cancel);
        // One key of 400,000 fields, about 50 MB, in a slot that the fourth shard gets: it moves in one piece, and takes seconds.
        const string Find =
            "i=0; until s=$(redis-cli -h redis CLUSTER KEYSLOT {$i}) && [ $s -gt 900 ] && [ $s -lt 1300 ]; do i=$((i+1)); " +
            "done; echo {$i}large $s";
        var (key, slot) = (await redis.InWriterAsync(Find, Cancel)).Split(' ') is [var k, var s]
            ? (k, s)
            : throw new InvalidOperationException("no slot");
        await redis.InWriterAsync(
            $"for part in 0 1 2 3 4 5 6 7 8 9; do redis-cli -c -h redis EVAL \"for i = 1, 40000 do redis.call('HSET', " +
            $"KEYS[1], ARGV[1] .. i, string.rep('x', 60)) end\" 1 {key} $part.; done", Cancel);
        var owner = await OwnerAsync();
        var writes = new AcknowledgedWrites(redis, "moved");
        await writes.StartAsync(Cancel);
        var begin = Stopwatch.GetTimestamp();

        var scaling = redis.ApplyAsync(4, Cancel);
        await redis.InWriterAsync(
            $"timeout 240 sh -c 'until for i in 6 7; do redis-cli -h redis-$i.redis-headless CLUSTER NODES; done 2>&1 | grep " +
            $"-q \"\\[{slot}-<-\"; do :; done'", Cancel);
        await redis.Cluster.DeleteAsync([new("", "Pod", owner)], new() { GracePeriodSeconds = 0 }, Cancel);
        try
        {
            await scaling;
        }
        catch (DeployException exception) when (exception.Message.EndsWith("apply again to go on.", StringComparison.Ordinal))
        {
            // The killed pod was the one in which the scaling ran.
            await redis.ReadyAsync(8, Cancel);
            await redis.ApplyAsync(4, Cancel);
        }

        await redis.ReadyAsync(8, Cancel);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{owner} was killed while slot {slot} moved; eight ready {Stopwatch.GetElapsedTime(begin)} after the scaling " +
            $"began.\n{string.Join('\n', redis.Told)}");

        Assert.Contains(redis.Told, line => line.Contains($"hash \"{key}\"", StringComparison.Ordinal));
        Assert.Contains(
            "cluster_size:4", await redis.InMemberAsync(0, "redis-cli CLUSTER INFO", Cancel), StringComparison.Ordinal);
        Assert.Equal("0", await redis.InMemberAsync(
            0, "redis-cli --cluster check redis:6379 | grep -c -e '\\[ERR' -e WARNING || true", Cancel));
        Assert.Equal("400000", await redis.InWriterAsync($"redis-cli -c -h redis HLEN {key}", Cancel));
        await writes.ProgressAsync(50, Cancel);
        await writes.StopAsync(Cancel);
        await redis.InWriterAsync($"redis-cli -c -h redis DEL {key}", Cancel);
        await redis.ApplyAsync(3, Cancel);
        await redis.ReadyAsync(6, Cancel);

        async Task<string> OwnerAsync()
        {
            for (var member = 0; ; member++)
            {
                // Keys of other tests may be in the slot, too. Who hasn't it answers with MOVED.
                if (await redis.InMemberAsync(
                    member, $"redis-cli ROLE | grep -q master && redis-cli EXISTS {key} || echo 0", Cancel) == "1")
                {
                    return $"redis-{member}";
                }
            }
        }
    }

    [Fact]
    public async Task PasswordIsRolledWhileWritesGoOn()
    {
        RedisDeployment.SkipWithoutCluster();
        await redis.ReadyAsync(6, Cancel);
        var writes = new AcknowledgedWrites(redis, "rotated");
        await writes.StartAsync(Cancel);
        List<string> told = [];
        var rotation = new SecretRotation(redis.Cluster, TimeProvider.System, told.Add);
        // The writers would end with their pod: as callers that know the old password until the end, they show how long it is
        // valid.
        var key = await rotation.PresentUsersAsync(new("parameters", "redis-password", [new("StatefulSet", "redis")]), Cancel);

        Assert.True(await rotation.RollAsync(key, "end to end anew"u8.ToArray(), RolledAsync, Cancel), string.Join('\n', told));

        Assert.Contains(
            "WRONGPASS", await redis.InWriterAsync("redis-cli -c -h redis PING 2>&1 || true", Cancel), StringComparison.Ordinal);
        Assert.Contains(
            "cluster_state:ok", await redis.InMemberAsync(0, "redis-cli CLUSTER INFO", Cancel), StringComparison.Ordinal);
        // Back to what the writers present.
        Assert.True(await rotation.RollAsync(
            key, System.Text.Encoding.UTF8.GetBytes(RedisDeployment.Password), RolledAsync, Cancel), string.Join('\n', told));
        await writes.ProgressAsync(50, Cancel);
        await writes.StopAsync(Cancel);

        async Task<bool> RolledAsync(IReadOnlyList<SecretUser> users)
        {
            var rolled = redis.Rendered.Where(o => users.Contains(new(o.Text("kind")!, o.Map("metadata")!.Text("name")!)))
                .ToList();
            return (await new RolloutWaiter(redis.Cluster, new PlainRolloutView(TextWriter.Null), TimeProvider.System).WaitAsync(
                rolled, new() { Timeout = TimeSpan.FromMinutes(5) }, Cancel)).IsReady;
        }
    }

    [Fact]
    public async Task BackupIsRestored()
    {
        RedisDeployment.SkipWithoutCluster();
        await redis.ReadyAsync(6, Cancel);
        await redis.InWriterAsync("for i in 1 2 3 4 5 6 7 8 9; do redis-cli -c -h redis SET saved:$i $i; done", Cancel);
        var restorer = new Restorer(redis.Cluster, TimeProvider.System);
        List<string> told = [];
        Assert.True(await RunAsync(["sh", "/etc/redis-cluster/backup.sh", "7"]), string.Join('\n', told));
        await redis.InWriterAsync(
            "for i in 1 2 3 4 5 6 7 8 9; do redis-cli -c -h redis SET saved:$i changed; done; redis-cli -c -h redis SET later 1",
            Cancel);

        Assert.False(await RunAsync(["sh", "/etc/redis-cluster/restore.sh", "run", "latest"]));
        Assert.Contains("'replace' removes them", told[^1], StringComparison.Ordinal);
        Assert.True(await RunAsync(["sh", "/etc/redis-cluster/restore.sh", "run", "latest", "replace"]), string.Join('\n', told));

        Assert.Contains(" is back: ", told[^1], StringComparison.Ordinal);
        Assert.Equal(
            "1 2 3 4 5 6 7 8 9",
            await redis.InWriterAsync(
                "echo $(for k in saved:1 saved:2 saved:3 saved:4 saved:5 saved:6 saved:7 saved:8 saved:9 later; do redis-cli " +
                "-c -h redis GET $k; done)", Cancel));

        async Task<bool> RunAsync(string[] command)
        {
            var (job, succeeded) = await restorer.RunAsync("redis-backup", "redis", command, told.Add, Cancel);
            await restorer.DeleteAsync(job, Cancel);
            return succeeded;
        }
    }

    private static string? Uid(YamlMap pod) => pod.Map("metadata")!.Text("uid");
}
