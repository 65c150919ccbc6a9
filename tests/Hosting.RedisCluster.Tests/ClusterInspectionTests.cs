using MonoRepo.Hosting.RedisCluster.Topology;
using MonoRepo.Tests.Redis;

namespace MonoRepo.Tests;

public sealed class ClusterInspectionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RedisEngine.Garnet)]
    [InlineData(RedisEngine.RedisServer)]
    public async Task FindProblems_SlotsWithoutOwnerThenDeadMaster_NamesThem(RedisEngine engine)
    {
        await using var cluster = await RedisClusterProcess.StartAsync(engine, cancellationToken: Cancel);
        var client = cluster.Client;

        await client.ExecuteAsync(client.Members[1], "CLUSTER", "DELSLOTS", 5461, 5462, 6000);
        Assert.Equal("knows no owner of slots 5461-5462,6000", (await ClusterInspection.FindProblemsAsync(client))["redis-1"]);
        await client.ExecuteAsync(client.Members[1], "CLUSTER", "ADDSLOTS", 5461, 5462, 6000);
        await cluster.WaitUntilHealthyAsync(Cancel);

        await cluster.Nodes[2].KillAsync(Cancel);
        var problems = await ClusterInspection.FindProblemsAsync(client);
        Assert.Equal(["redis-0", "redis-1", "redis-2"], problems.Keys.Order());
        Assert.Equal($"does not answer on port {cluster.Nodes[2].Port}", problems["redis-2"]);
        Assert.Equal(
            $"knows 127.0.0.1:{cluster.Nodes[2].Port}, which is away, as the owner of slots 10922-16383", problems["redis-0"]);

        await cluster.Nodes[2].StartAsync(Cancel);
        await cluster.WaitUntilHealthyAsync(Cancel);
    }
}
