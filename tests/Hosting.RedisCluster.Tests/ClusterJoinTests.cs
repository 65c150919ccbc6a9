using MonoRepo.Hosting.RedisCluster.Topology;
using MonoRepo.Tests.Redis;
using StackExchange.Redis;
using SlotRange = MonoRepo.Hosting.RedisCluster.Topology.SlotRange;

namespace MonoRepo.Tests;

public sealed class ClusterJoinTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RedisEngine.Garnet)]
    [InlineData(RedisEngine.RedisServer)]
    public async Task MembersBecomeOneClusterThatAClientCanUse(RedisEngine engine)
    {
        var start = TimeProvider.System.GetTimestamp();
        await using var cluster = await RedisClusterProcess.StartAsync(engine, password: "p\"a ss$", cancellationToken: Cancel);
        TestContext.Current.SendDiagnosticMessage($"{engine}: three members serve after {TimeProvider.System.GetElapsedTime(start)}");

        using var client = await ConnectionMultiplexer.ConnectAsync(cluster.ConnectionString);
        for (var i = 0; i < 30; i++)
        {
            await client.GetDatabase().StringSetAsync($"key:{i}", i);
        }

        foreach (var member in cluster.Members)
        {
            var view = await member.ViewAsync(Cancel);
            Assert.Equal(3, view.Nodes.Count);
            Assert.Empty(view.MissingSlots);
            Assert.InRange(int.Parse((await member.SendAsync(Cancel, "DBSIZE"))!), 2, 30);
        }

        var before = await ShapeAsync(cluster);
        Assert.True(await ClusterJoin.TryAsync(cluster.Members, 3, TimeProvider.System, Cancel), "There was nothing left to join.");
        Assert.Equal(before, await ShapeAsync(cluster));
    }

    [Theory]
    [InlineData(RedisEngine.Garnet)]
    [InlineData(RedisEngine.RedisServer)]
    public async Task KeptDataAndSlotsComeBackWithTheMembers(RedisEngine engine)
    {
        await using var cluster = await RedisClusterProcess.StartAsync(engine, keepsData: true, cancellationToken: Cancel);
        var before = await ShapeAsync(cluster);
        var owners = cluster.Members.Select((member, i) => (member, Key: HashSlot.KeyWithin(SlotRange.OfShard(i, 3), "kept:"))).ToList();
        foreach (var (member, key) in owners)
        {
            await member.SendAsync(Cancel, "SET", key, "value");
        }

        // Both servers write their log in the background.
        await Task.WhenAll(owners.Select(o => Eventually.Holds(
            () => IsOnDiskAsync(engine, o.member), "the write is on disk", Cancel)));
        await Task.WhenAll(cluster.Nodes.Select(n => n.KillAsync(Cancel)));
        await Task.WhenAll(cluster.Nodes.Select(n => n.StartAsync(Cancel)));
        await cluster.WaitUntilHealthyAsync(Cancel);

        Assert.Equal(before, await ShapeAsync(cluster));
        foreach (var (member, key) in owners)
        {
            Assert.Equal("value", await member.SendAsync(Cancel, "GET", key));
        }
    }

    private static async Task<bool> IsOnDiskAsync(RedisEngine engine, ClusterMember member) => engine == RedisEngine.Garnet
        ? await member.SendAsync(Cancel, "COMMITAOF") is not null
        : (await member.SendAsync(Cancel, "INFO", "persistence"))!.Contains("aof_last_write_status:ok", StringComparison.Ordinal);

    private static async Task<List<string>> ShapeAsync(RedisClusterProcess cluster)
    {
        var views = await ClusterView.OfAsync(cluster.Members, TimeProvider.System, Cancel);
        return [.. views.Select(v => $"{v.Myself.Id} {v.Myself.MasterId} {string.Join(',', v.Myself.Slots)}")];
    }
}
