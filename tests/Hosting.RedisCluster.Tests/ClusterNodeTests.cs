using MonoRepo.Hosting.RedisCluster.Topology;

namespace MonoRepo.Tests;

public sealed class ClusterNodeTests
{
    [Fact]
    public void AMasterIsReadWithItsSlotsButNotThoseOnTheirWay()
    {
        var node = Assert.Single(ClusterNode.Parse("07c3 127.0.0.1:7000@17000,host myself,master - 0 0 1 connected 0-5460 7000 [93-<-292f]\n"));

        Assert.Equal(("07c3", "127.0.0.1", 7000, true, true), (node.Id, node.Host, node.Port, node.IsMyself, node.IsMaster));
        Assert.Equal([new(0, 5460), new(7000, 7000)], node.Slots);
        Assert.Null(node.MasterId);
    }

    [Fact]
    public void AReplicaIsReadWithItsMaster()
    {
        var node = Assert.Single(ClusterNode.Parse("292f 127.0.0.1:7001@17001 slave,fail 07c3 0 1426238316232 2 disconnected"));

        Assert.Equal((false, "07c3", 0), (node.IsMaster, node.MasterId, node.Slots.Count));
    }

    [Fact]
    public void AnythingElseIsRefused() => Assert.Throws<FormatException>(() => ClusterNode.Parse("ERR unknown command"));
}
