using StackExchange.Redis;

namespace MonoRepo.Hosting.RedisCluster.Topology;

/// <summary>
/// Replaces a dead master by one of its replicas, for servers that do not elect one themselves. Garnet does not: it
/// reports <c>cluster_state:ok</c> with a dead master for as long as one watches.
/// </summary>
/// <param name="timeout">How long a master may be away before it counts as dead; a restart takes less.</param>
internal sealed class ClusterTakeover(RedisClusterClient client, TimeSpan timeout, TimeProvider clock)
{
    private readonly Dictionary<string, long> _awaySince = [];

    /// <summary>One round; the members that were made masters in it.</summary>
    public async Task<IReadOnlyList<ClusterMember>> TryAsync()
    {
        var views = await client.ViewsAsync();
        var alive = views.Select(v => v.Myself.NodeId).ToHashSet();
        var orphans = views.Where(v => v.Myself.IsReplica && !alive.Contains(v.Myself.ParentNodeId!))
            .ToLookup(v => v.Myself.ParentNodeId!);
        foreach (var back in _awaySince.Keys.Where(id => !orphans.Contains(id)).ToList())
        {
            _awaySince.Remove(back);
        }

        List<ClusterMember> promoted = [];
        foreach (var group in orphans)
        {
            _awaySince.TryAdd(group.Key, clock.GetTimestamp());
            if (clock.GetElapsedTime(_awaySince[group.Key]) >= timeout
                && await PromoteOneAsync(group.Select(v => v.Member)) is { } member)
            {
                promoted.Add(member);
            }
        }

        return promoted;
    }

    private async Task<ClusterMember?> PromoteOneAsync(IEnumerable<ClusterMember> replicas)
    {
        foreach (var replica in replicas)
        {
            try
            {
                if ((await client.ReplicationAsync(replica)).HasCopied)
                {
                    await client.ExecuteAsync(replica, "CLUSTER", "FAILOVER", "TAKEOVER");
                    return replica;
                }
            }
            catch (Exception e) when (RedisClusterClient.IsRefusal(e))
            {
                // The next replica may do, or the next round.
            }
        }

        return null;
    }
}
