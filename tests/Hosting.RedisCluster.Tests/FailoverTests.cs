using MonoRepo.Hosting.RedisCluster.Topology;
using MonoRepo.Tests.Redis;

namespace MonoRepo.Tests;

public sealed class FailoverTests
{
    private static readonly string Key = HashSlot.KeyWithin(SlotRange.OfShard(0, 3), "survives:");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RedisServerReplacesADeadMasterByItself()
    {
        await using var cluster = await RedisClusterProcess.StartAsync(RedisEngine.RedisServer, replicasPerMaster: 1, cancellationToken: Cancel);

        await ReplacesADeadMasterAsync(cluster, _ => Task.CompletedTask);
    }

    [Fact]
    public async Task GarnetReplacesADeadMasterThroughOurStep()
    {
        await using var cluster = await RedisClusterProcess.StartAsync(RedisEngine.Garnet, replicasPerMaster: 1, cancellationToken: Cancel);
        var takeover = new ClusterTakeover(TimeSpan.FromSeconds(1), TimeProvider.System);

        await ReplacesADeadMasterAsync(cluster, members => takeover.TryAsync(members, Cancel));
    }

    /// <summary>Kills the first master, finds its key on a replica, and sees the old master come back as a replica.</summary>
    private static async Task ReplacesADeadMasterAsync(RedisClusterProcess cluster, Func<IReadOnlyList<ClusterMember>, Task> step)
    {
        var members = cluster.Members;
        Assert.Equal("OK", await members[0].SendAsync(Cancel, "SET", Key, "value"));
        var oldId = (await members[0].ViewAsync(Cancel)).Myself.Id;
        var views = await ClusterView.OfAsync(members, TimeProvider.System, Cancel);
        var replica = views.Single(v => v.Myself.MasterId == oldId).Member;
        await Eventually.Holds(async () => await OffsetAsync(replica) >= await OffsetAsync(members[0]), "the replica has the write", Cancel);

        await cluster.Nodes[0].KillAsync(Cancel);
        var writable = await Eventually.Holds(
            async () =>
            {
                await step(members);
                return await TryAsync(() => replica.SendAsync(Cancel, "SET", "{" + Key + "}:after", "1")) == "OK";
            },
            "the replica takes writes", Cancel);
        TestContext.Current.SendDiagnosticMessage($"Writable {writable} after the master's death.");
        Assert.Equal("value", await replica.SendAsync(Cancel, "GET", Key));

        await cluster.Nodes[0].StartAsync(Cancel);
        await Eventually.Holds(
            async () => await ClusterJoin.TryAsync(members, 3, TimeProvider.System, Cancel)
                && (await ClusterInspection.FaultsAsync(members, TimeProvider.System, Cancel)).Count == 0
                && !(await members[0].ViewAsync(Cancel)).Myself.IsMaster,
            "the cluster is whole again, and the member that came back follows the one that replaced it", Cancel);
    }

    private static async Task<long> OffsetAsync(ClusterMember member)
    {
        var info = (await member.SendAsync(Cancel, "INFO", "replication"))!.Split('\n', StringSplitOptions.TrimEntries);
        return long.Parse(info.First(l => l.StartsWith("master_repl_offset:", StringComparison.Ordinal)).Split(':')[1]);
    }

    private static async Task<string?> TryAsync(Func<Task<string?>> command)
    {
        try
        {
            return await command();
        }
        catch (RespException e)
        {
            return e.Message;
        }
    }
}
