using MonoRepo.Hosting.RedisCluster.Topology;

namespace MonoRepo.Tests;

public sealed class HashSlotTests
{
    // From the Redis Cluster specification: the checksum of "123456789" is 0x31C3.
    [Fact]
    public void TheChecksumIsTheSpecifications() => Assert.Equal(0x31C3, HashSlot.Of("123456789"));

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(7)]
    public void ShardsShareAllSlots(int shards)
    {
        var slots = Enumerable.Range(0, shards).SelectMany(i => SlotRange.OfShard(i, shards).Slots).ToList();

        Assert.Equal(Enumerable.Range(0, SlotRange.Count), slots);
    }

    [Fact]
    public void AProbeKeyIsFoundForAnyRange()
    {
        foreach (var range in (SlotRange[])[new(0, 5460), new(10923, 16383), new(77, 77)])
        {
            Assert.Contains(HashSlot.Of(HashSlot.KeyWithin(range, "probe:")), range.Slots);
        }
    }

    [Fact]
    public void RangesAreCompact() =>
        Assert.Equal("0-2,5,7-8", string.Join(',', SlotRange.Compact([8, 0, 5, 1, 2, 7])));
}
