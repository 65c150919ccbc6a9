using MonoRepo.Hosting.RedisCluster.Topology;
using MonoRepo.Tests.Redis;
using StackExchange.Redis;

namespace MonoRepo.Tests;

public sealed class ClusterJoinTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Comma, equals sign, quotes, blanks at both ends, more than ASCII and a line break at the end.</summary>
    private const string Password = " p,a=s\"s' w$ö\\rd%20#🔑\n";

    [Theory]
    [InlineData(RedisEngine.Garnet)]
    [InlineData(RedisEngine.RedisServer)]
    public async Task Join_NewMembersWithAnyPassword_BecomeOneClusterThatAClientUses(RedisEngine engine)
    {
        var start = TimeProvider.System.GetTimestamp();
        await using var cluster = await RedisClusterProcess.StartAsync(engine, password: Password, cancellationToken: Cancel);
        TestContext.Current.SendDiagnosticMessage(
            $"{engine}: three members serve after {TimeProvider.System.GetElapsedTime(start)}");

        // A connection string cannot carry every password, which is why the password also comes apart.
        var options = ConfigurationOptions.Parse(
            cluster.ConnectionString[..cluster.ConnectionString.IndexOf(",password=", StringComparison.Ordinal)]);
        options.Password = Password;
        await using var redis = await ConnectionMultiplexer.ConnectAsync(options);
        for (var i = 0; i < 30; i++)
        {
            await redis.GetDatabase().StringSetAsync($"key:{i}", i);
        }

        foreach (var member in cluster.Client.Members)
        {
            var view = await cluster.Client.ViewAsync(member);
            Assert.Equal(3, view.Cluster.Nodes.Count);
            Assert.Empty(view.MissingSlots);
            Assert.InRange(await cluster.Client.ServerOf(member).DatabaseSizeAsync(), 2, 30);
        }

        var before = await ShapeAsync(cluster);
        Assert.True(await ClusterJoin.TryAsync(cluster.Client, 3), "There was nothing left to join.");
        Assert.Equal(before, await ShapeAsync(cluster));
    }

    [Theory]
    [InlineData(RedisEngine.Garnet)]
    [InlineData(RedisEngine.RedisServer)]
    public async Task Join_KilledMembersStartedAgain_KeepDataAndSlots(RedisEngine engine)
    {
        await using var cluster = await RedisClusterProcess.StartAsync(engine, keepsData: true, cancellationToken: Cancel);
        var client = cluster.Client;
        var before = await ShapeAsync(cluster);
        var owners = await Task.WhenAll(client.Members.Select(
            async (member, i) => (member, Key: await client.FindKeyAsync(member, HashSlots.OfShard(i, 3), "kept:"))));
        foreach (var (member, key) in owners)
        {
            await client.ExecuteAsync(member, "SET", key, "value");
        }

        // Both servers write their log in the background; redis-server puts a write off while the disk is slow.
        await Task.WhenAll(
            owners.Select(o => Eventually.HoldsAsync(() => IsOnDiskAsync(engine, client, o.member), "the write is on disk")));
        await Task.WhenAll(cluster.Nodes.Select(n => n.KillAsync(Cancel)));
        await Task.WhenAll(cluster.Nodes.Select(n => n.StartAsync(Cancel)));
        await cluster.WaitUntilHealthyAsync(Cancel);

        Assert.Equal(before, await ShapeAsync(cluster));
        foreach (var (member, key) in owners)
        {
            Assert.Equal("value", (string?)await client.ExecuteAsync(member, "GET", key));
        }
    }

    private static async Task<bool> IsOnDiskAsync(RedisEngine engine, RedisClusterClient client, ClusterMember member) =>
        engine == RedisEngine.Garnet
        ? !(await client.ExecuteAsync(member, "COMMITAOF")).IsNull
        : (await client.ServerOf(member).InfoRawAsync("persistence"))!.Contains("aof_buffer_length:0", StringComparison.Ordinal);

    private static async Task<List<string>> ShapeAsync(RedisClusterProcess cluster) =>
        [.. (await cluster.Client.ViewsAsync())
        .Select(v => $"{v.Myself.NodeId} {v.Myself.ParentNodeId} {string.Join(',', v.Myself.Slots)}")];
}
