using System.Net.Sockets;

namespace MonoRepo.Hosting.RedisCluster.Topology;

/// <summary>
/// Replaces a dead master by one of its replicas, for servers that do not elect one themselves. Garnet does not: it
/// reports <c>cluster_state:ok</c> with a dead master for as long as one watches.
/// </summary>
/// <param name="patience">How long a master may be away before it counts as dead; a restart takes less.</param>
/// <param name="clock">Measures it.</param>
internal sealed class ClusterTakeover(TimeSpan patience, TimeProvider clock)
{
    private readonly Dictionary<string, long> awaySince = [];

    /// <summary>One round; the members that were made masters in it.</summary>
    public async Task<IReadOnlyList<ClusterMember>> TryAsync(IReadOnlyList<ClusterMember> members, CancellationToken cancellationToken)
    {
        var views = await ClusterView.OfAsync(members, clock, cancellationToken).ConfigureAwait(false);
        var alive = views.Select(v => v.Myself.Id).ToHashSet();
        var orphans = views.Where(v => v.Myself.MasterId is { } master && !alive.Contains(master)).ToLookup(v => v.Myself.MasterId!);
        foreach (var back in awaySince.Keys.Where(id => !orphans.Contains(id)).ToList())
        {
            awaySince.Remove(back);
        }

        List<ClusterMember> promoted = [];
        foreach (var group in orphans)
        {
            awaySince.TryAdd(group.Key, clock.GetTimestamp());
            if (clock.GetElapsedTime(awaySince[group.Key]) >= patience
                && await PromoteOneAsync(group, cancellationToken).ConfigureAwait(false) is { } member)
            {
                promoted.Add(member);
            }
        }

        return promoted;
    }

    private static async Task<ClusterMember?> PromoteOneAsync(IEnumerable<ClusterView> replicas, CancellationToken cancellationToken)
    {
        foreach (var replica in replicas)
        {
            try
            {
                using var connection = await replica.Member.ConnectAsync(cancellationToken).ConfigureAwait(false);
                if (await Replication.HasCopiedAsync(connection, cancellationToken).ConfigureAwait(false))
                {
                    await connection.SendAsync(cancellationToken, "CLUSTER", "FAILOVER", "TAKEOVER").ConfigureAwait(false);
                    return replica.Member;
                }
            }
            catch (Exception e) when (e is SocketException or IOException or RespException)
            {
                // The next replica may do, or the next round.
            }
        }

        return null;
    }
}
