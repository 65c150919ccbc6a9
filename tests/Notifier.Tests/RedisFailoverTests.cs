using System.Net;
using MonoRepo.Tests.Redis;
using StackExchange.Redis;
using static MonoRepo.Tests.NotifierProcess;

namespace MonoRepo.Tests;

/// <summary>The master that has the queue dies for good while there is something to tell, and its replica takes over.</summary>
public sealed class RedisFailoverTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MasterThatIsKilled_LosesNothingThatWasAnswered()
    {
        await using var own = await RedisClusterProcess.StartAsync(
            RedisEngine.RedisServer, replicasPerMaster: 1, cancellationToken: Cancellation);
        var (master, replica) = await FindAsync(own, "notifier:{phone}:queue");
        await using var fcm = await FcmStandIn.StartAsync();
        fcm.Answer = (_, _) => Task.FromResult(503);
        await using var notifier = await StartAsync(own.ConnectionString, fcm.Receiver("phone"));

        Assert.Equal(200, await notifier.PostAsync(Group("Kept", "page")));
        await replica.SignalAsync("STOP");

        // Only the master has it, so it is refused, and a second attempt gets the same answer.
        Assert.Equal(503, await notifier.PostAsync(Group("Refused", "page")));
        Assert.Equal(503, await notifier.PostAsync(Group("Refused", "page")));
        await master.KillAsync(Cancellation);
        await replica.SignalAsync("CONT");
        await Eventually.HoldsAsync(
            async () => await notifier.PostAsync(Group("Refused", "page")) == 200, "the replica has taken over, and takes it");
        Assert.Empty(fcm.Messages);
        fcm.Answer = (_, _) => Task.FromResult(200);

        await notifier.WaitForAsync("phone", "sent", 2);
        Assert.Equal(["FIRING Kept", "FIRING Refused"], fcm.Titles);
        await notifier.WaitForQueueAsync("phone", 0);
    }

    /// <summary>The master of a key, and its replica.</summary>
    private static async Task<(RedisNodeProcess Master, RedisNodeProcess Replica)> FindAsync(
        RedisClusterProcess cluster, string key)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{cluster.ConnectionString},allowAdmin=true");
        var nodes = (await connection.GetServers()[0].ClusterNodesAsync())!;
        var master = nodes.GetBySlot(key)!;
        var replica = nodes.Nodes.Single(node => node.ParentNodeId == master.NodeId);
        return (Process(master), Process(replica));

        RedisNodeProcess Process(ClusterNode node) =>
            cluster.Nodes.Single(one => one.Port == ((IPEndPoint)node.EndPoint!).Port);
    }
}
