using System.Net;
using StackExchange.Redis;

namespace MonoRepo.Hosting.RedisCluster.Topology;

/// <summary>
/// Makes one cluster of running members: the first <c>shards</c> members become masters and share the slots, the others
/// follow them in turn. Each step looks first and does only what is missing, so that it can be repeated at any time: after a
/// crash half way, after members came back with kept data, on a cluster that is complete.
/// </summary>
internal static class ClusterJoin
{
    /// <summary>One round; whether there was nothing left to do. What cannot be done yet is left for the next round.</summary>
    public static async Task<bool> TryAsync(RedisClusterClient client, int shards)
    {
        var views = await client.ViewsAsync();
        try
        {
            return views.Count == client.Members.Count
                && await AssignAsync(client, views, shards) & await MeetAsync(client, views)
                && await FollowAsync(client, views);
        }
        catch (Exception e) when (RedisClusterClient.IsRefusal(e))
        {
            // A member has just gone, or does not know yet what others told it a moment ago.
            return false;
        }
    }

    /// <summary>Gives slots without an owner to the shard that they belong to.</summary>
    private static async Task<bool> AssignAsync(RedisClusterClient client, IReadOnlyList<ClusterView> views, int shards)
    {
        var missing = views.Select(v => v.MissingSlots.ToHashSet()).Aggregate((known, next) => [.. known.Intersect(next)]);
        for (var shard = 0; shard < shards && missing.Count > 0; shard++)
        {
            var slots = HashSlots.In(HashSlots.OfShard(shard, shards)).Where(missing.Contains).ToList();
            if (slots.Count == 0)
            {
                continue;
            }

            // Usually the shard's own member; after a failover that one may be a replica, which cannot own slots.
            var owner = (views[shard].Myself.IsReplica ? views.First(v => !v.Myself.IsReplica) : views[shard]).Member;
            if (missing.Count == HashSlots.Count)
            {
                await TrySetEpochAsync(client, owner, shard + 1);
            }

            // ADDSLOTS, not ADDSLOTSRANGE: that came with Redis 7.
            await client.ExecuteAsync(owner, "CLUSTER", ["ADDSLOTS", .. slots.Cast<object>()]);
        }

        return missing.Count == 0;
    }

    /// <summary>Distinct epochs from the start spare the masters a round of conflict resolution.</summary>
    private static async Task TrySetEpochAsync(RedisClusterClient client, ClusterMember member, int epoch)
    {
        try
        {
            await client.ExecuteAsync(member, "CLUSTER", "SET-CONFIG-EPOCH", epoch);
        }
        catch (RedisServerException)
        {
            // It has an epoch already, which serves as well.
        }
    }

    /// <summary>Introduces every member to every other: gossip alone takes Garnet seconds.</summary>
    private static async Task<bool> MeetAsync(RedisClusterClient client, IReadOnlyList<ClusterView> views)
    {
        var complete = true;
        for (var i = 0; i < views.Count; i++)
        {
            for (var j = 0; j < views.Count; j++)
            {
                var other = views[j].Myself;
                if (i == j || views[i].Knows(other))
                {
                    continue;
                }

                complete = false;
                if (i < j || views[j].Knows(views[i].Myself))
                {
                    // The address that it announces: containers reach each other by another one than we do.
                    var host = other.EndPoint is IPEndPoint address ? address.Address : IPAddress.Loopback;
                    await client.ExecuteAsync(views[i].Member, "CLUSTER", "MEET", $"{host}", views[j].Member.Address.Port);
                }
            }
        }

        return complete;
    }

    /// <summary>
    /// Lets each master without slots, a former master that came back too, follow the master with the fewest followers.
    /// </summary>
    private static async Task<bool> FollowAsync(RedisClusterClient client, IReadOnlyList<ClusterView> views)
    {
        var followers = views.Select(v => v.Myself).Where(n => !n.IsReplica && n.Slots.Count > 0)
            .ToDictionary(n => n.NodeId, n => views.Count(v => v.Myself.ParentNodeId == n.NodeId));
        var idle = views.Where(v => !v.Myself.IsReplica && v.Myself.Slots.Count == 0).ToList();
        foreach (var view in idle.Where(_ => followers.Count > 0))
        {
            var master = followers.MinBy(f => f.Value).Key;
            await client.ExecuteAsync(view.Member, "CLUSTER", "REPLICATE", master);
            followers[master]++;
        }

        return idle.Count == 0;
    }
}
