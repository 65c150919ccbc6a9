using MonoRepo.Hosting.RedisCluster.Topology;
using MonoRepo.Tests.Redis;

namespace MonoRepo.Tests;

public sealed class ClusterInspectionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RedisEngine.Garnet)]
    [InlineData(RedisEngine.RedisServer)]
    public async Task SlotsWithoutAnOwnerAreAFault(RedisEngine engine)
    {
        await using var cluster = await RedisClusterProcess.StartAsync(engine, cancellationToken: Cancel);

        await cluster.Members[1].SendAsync(Cancel, "CLUSTER", "DELSLOTS", "5461", "5462", "6000");
        var faults = await ClusterInspection.FaultsAsync(cluster.Members, TimeProvider.System, Cancel);

        Assert.Equal("knows no owner of slots 5461-5462,6000", faults["redis-1"]);
    }

    [Theory]
    [InlineData(RedisEngine.Garnet)]
    [InlineData(RedisEngine.RedisServer)]
    public async Task ADeadMasterIsAFaultOfItselfAndOfWhoCountsOnIt(RedisEngine engine)
    {
        await using var cluster = await RedisClusterProcess.StartAsync(engine, cancellationToken: Cancel);

        await cluster.Nodes[2].KillAsync(Cancel);
        var faults = await ClusterInspection.FaultsAsync(cluster.Members, TimeProvider.System, Cancel);

        Assert.Equal(["redis-0", "redis-1", "redis-2"], faults.Keys.Order());
        Assert.Equal($"does not answer on port {cluster.Nodes[2].Port}", faults["redis-2"]);
        Assert.Equal($"knows 127.0.0.1:{cluster.Nodes[2].Port}, which is away, as the owner of slots 10922-16383", faults["redis-0"]);

        await cluster.Nodes[2].StartAsync(Cancel);
        await cluster.WaitUntilHealthyAsync(Cancel);
    }

    [Fact]
    public async Task AWrongPasswordIsAFaultThatSaysSo()
    {
        await using var cluster = await RedisClusterProcess.StartAsync(RedisEngine.RedisServer, password: "right", cancellationToken: Cancel);

        var faults = await ClusterInspection.FaultsAsync([cluster.Members[0] with { Password = "wrong" }], TimeProvider.System, Cancel);

        Assert.Contains("WRONGPASS", faults["redis-0"], StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", faults["redis-0"], StringComparison.Ordinal);
    }
}
