using MonoRepo.Hosting.RedisCluster.Topology;

namespace MonoRepo.Tests;

public sealed class HashSlotsTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(7)]
    public void OfShard_AllShards_ShareAllSlots(int shards) =>
        Assert.Equal(HashSlots.All, Enumerable.Range(0, shards).SelectMany(i => HashSlots.In(HashSlots.OfShard(i, shards))));

    [Fact]
    public void Format_SlotsInAnyOrder_AreTheFewestRanges() => Assert.Equal("0-2,5,7-8", HashSlots.Format([8, 0, 5, 1, 2, 7]));
}
