using MonoRepo.Hosting.RedisCluster.Topology;
using MonoRepo.Tests.Redis;

namespace MonoRepo.Tests;

public sealed class FailoverTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DeadMaster_RedisServer_IsReplacedByItself()
    {
        await using var cluster = await RedisClusterProcess.StartAsync(
            RedisEngine.RedisServer, replicasPerMaster: 1, cancellationToken: Cancel);

        await ReplacesADeadMasterAsync(
            cluster.Client,
            member => NodeOf(member).KillAsync(Cancel),
            member => NodeOf(member).StartAsync(Cancel),
            () => ClusterJoin.TryAsync(cluster.Client, 3));

        RedisNodeProcess NodeOf(ClusterMember member) => cluster.Nodes.Single(n => n.Member == member);
    }

    [SlowFact]
    public async Task DeadMaster_GarnetOfARun_IsReplacedByTakeover()
    {
        // The password's characters beyond ASCII are those that replicas present to their masters.
        await using var redis = await RunningCluster.StartAsync(
            ["--redis-replicas", "1", "--Parameters:redis-password=p,ö🔑\n"]);
        await redis.UntilHealthyAsync();
        await using var client = await redis.AdministerAsync();

        await ReplacesADeadMasterAsync(
            client,
            member => redis.KillAsync(client.Members.ToList().IndexOf(member)),
            member => redis.StartAsync(client.Members.ToList().IndexOf(member)),
            () => Task.FromResult(true));
    }

    /// <summary>Kills a master, finds its key on a replica, and sees the old master come back as a replica.</summary>
    private static async Task ReplacesADeadMasterAsync(
        RedisClusterClient client, Func<ClusterMember, Task> kill, Func<ClusterMember, Task> start, Func<Task<bool>> join)
    {
        var (master, replica) = await client.UntilReplicaIsInSyncAsync();
        var key = await client.FindKeyAsync(master, (await client.ViewAsync(master)).Myself.Slots[0], "survives:");
        Assert.Equal("OK", (string?)await client.ExecuteAsync(master, "SET", key, "value"));
        await Eventually.HoldsAsync(async () =>
            await OffsetAsync(client, replica) >= await OffsetAsync(client, master), "the replica has the write");

        await kill(master);
        var writable = await Eventually.HoldsAsync(
            () => TakesWritesAsync(client, replica, "{" + key + "}:after"), "the replica takes writes");
        TestContext.Current.SendDiagnosticMessage($"Writable {writable} after the master's death.");
        Assert.Equal("value", (string?)await client.ExecuteAsync(replica, "GET", key));

        await start(master);
        await Eventually.HoldsAsync(
            async () => await join()
                && (await ClusterInspection.FindProblemsAsync(client)).Count == 0
                && (await client.ViewAsync(master)).Myself.IsReplica,
            "the cluster is whole again, and the member that came back follows the one that replaced it");
    }

    private static async Task<long> OffsetAsync(RedisClusterClient client, ClusterMember member) =>
        long.Parse((await client.ServerOf(member).InfoAsync("replication")).SelectMany(section => section)
        .First(p => p.Key == "master_repl_offset").Value);

    private static async Task<bool> TakesWritesAsync(RedisClusterClient client, ClusterMember member, string key)
    {
        try
        {
            return (string?)await client.ExecuteAsync(member, "SET", key, "1") == "OK";
        }
        catch (Exception e) when (RedisClusterClient.IsRefusal(e))
        {
            return false;
        }
    }
}
