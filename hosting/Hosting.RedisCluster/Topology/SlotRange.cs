namespace MonoRepo.Hosting.RedisCluster.Topology;

/// <summary>The hash slots <paramref name="First"/> to <paramref name="Last"/>, both included.</summary>
internal readonly record struct SlotRange(int First, int Last)
{
    /// <summary>How many slots every Redis Cluster has.</summary>
    public const int Count = 16384;

    /// <summary>The share of shard <paramref name="shard"/> of <paramref name="shards"/>: equal shares, in order.</summary>
    public static SlotRange OfShard(int shard, int shards) => new(Count * shard / shards, (Count * (shard + 1) / shards) - 1);

    public IEnumerable<int> Slots => Enumerable.Range(First, Last - First + 1);

    /// <summary>Joins single slots into the fewest ranges.</summary>
    public static IReadOnlyList<SlotRange> Compact(IEnumerable<int> slots)
    {
        List<SlotRange> ranges = [];
        foreach (var slot in slots.Order())
        {
            if (ranges is [.., var last] && last.Last + 1 == slot)
            {
                ranges[^1] = last with { Last = slot };
            }
            else
            {
                ranges.Add(new(slot, slot));
            }
        }

        return ranges;
    }

    public override string ToString() => First == Last ? $"{First}" : $"{First}-{Last}";
}
