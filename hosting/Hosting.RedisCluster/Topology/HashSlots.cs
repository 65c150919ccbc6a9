using System.Net;
using StackExchange.Redis;

namespace MonoRepo.Hosting.RedisCluster.Topology;

/// <summary>The slots that the shards of a cluster share.</summary>
internal static class HashSlots
{
    /// <summary>How many slots every Redis Cluster has.</summary>
    public const int Count = 16384;

    public static IEnumerable<int> All => Enumerable.Range(0, Count);

    public static IEnumerable<int> In(SlotRange range) => Enumerable.Range(range.From, range.To - range.From + 1);

    /// <summary>The share of shard <paramref name="shard"/> of <paramref name="shards"/>: equal shares, in order.</summary>
    public static SlotRange OfShard(int shard, int shards) => new(Count * shard / shards, (Count * (shard + 1) / shards) - 1);

    /// <summary>The fewest ranges that hold these slots: <c>0-2,5</c>.</summary>
    public static string Format(IEnumerable<int> slots)
    {
        List<SlotRange> ranges = [];
        foreach (var slot in slots.Order())
        {
            if (ranges is [.., var last] && last.To + 1 == slot)
            {
                ranges[^1] = new(last.From, slot);
            }
            else
            {
                ranges.Add(new(slot, slot));
            }
        }

        return string.Join(',', ranges);
    }

    /// <summary>The port that a node announces.</summary>
    public static int PortOf(ClusterNode node) => node.EndPoint is IPEndPoint address
        ? address.Port
        : ((DnsEndPoint)node.EndPoint!).Port;
}
