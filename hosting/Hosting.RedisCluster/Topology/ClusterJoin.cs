using System.Net;
using System.Net.Sockets;

namespace MonoRepo.Hosting.RedisCluster.Topology;

/// <summary>
/// Makes one cluster of running members: the first <c>shards</c> members become masters and share the slots, the others
/// follow them in turn. Each step looks first and does only what is missing, so that it can be repeated at any time: after a crash
/// half way, after members came back with kept data, on a cluster that is complete.
/// </summary>
internal static class ClusterJoin
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Repeats the steps until the cluster is complete.</summary>
    /// <exception cref="OperationCanceledException">It did not become complete in time; the inspection says why.</exception>
    public static async Task RunAsync(
        IReadOnlyList<ClusterMember> members, int shards, TimeProvider clock, CancellationToken cancellationToken)
    {
        while (!await TryAsync(members, shards, clock, cancellationToken).ConfigureAwait(false))
        {
            await Task.Delay(Pause, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>One round; whether there was nothing left to do. What cannot be done yet is left for the next round.</summary>
    public static async Task<bool> TryAsync(
        IReadOnlyList<ClusterMember> members, int shards, TimeProvider clock, CancellationToken cancellationToken)
    {
        var views = await ClusterView.OfAsync(members, clock, cancellationToken).ConfigureAwait(false);
        try
        {
            return views.Count == members.Count
                && await AssignAsync(views, shards, cancellationToken).ConfigureAwait(false)
                & await MeetAsync(views, cancellationToken).ConfigureAwait(false)
                && await FollowAsync(views, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or IOException or RespException)
        {
            // A member has just gone, or does not know yet what others told it a moment ago.
            return false;
        }
    }

    /// <summary>Gives slots without an owner to the shard that they belong to.</summary>
    private static async Task<bool> AssignAsync(IReadOnlyList<ClusterView> views, int shards, CancellationToken cancellationToken)
    {
        var missing = views.Select(v => v.MissingSlots.ToHashSet()).Aggregate((known, next) => [.. known.Intersect(next)]);
        for (var shard = 0; shard < shards && missing.Count > 0; shard++)
        {
            var slots = SlotRange.OfShard(shard, shards).Slots.Where(missing.Contains).ToList();
            if (slots.Count == 0)
            {
                continue;
            }

            // Usually the shard's own member; after a failover that one may be a replica, which cannot own slots.
            var owner = (views[shard].Myself.IsMaster ? views[shard] : views.First(v => v.Myself.IsMaster)).Member;
            if (missing.Count == SlotRange.Count)
            {
                await TrySetEpochAsync(owner, shard + 1, cancellationToken).ConfigureAwait(false);
            }

            // ADDSLOTS, not ADDSLOTSRANGE: that came with Redis 7.
            await owner.SendAsync(cancellationToken, ["CLUSTER", "ADDSLOTS", .. slots.Select(s => $"{s}")]).ConfigureAwait(false);
        }

        return missing.Count == 0;
    }

    /// <summary>Distinct epochs from the start spare the masters a round of conflict resolution.</summary>
    private static async Task TrySetEpochAsync(ClusterMember member, int epoch, CancellationToken cancellationToken)
    {
        try
        {
            await member.SendAsync(cancellationToken, "CLUSTER", "SET-CONFIG-EPOCH", $"{epoch}").ConfigureAwait(false);
        }
        catch (RespException)
        {
            // It has an epoch already, which serves as well.
        }
    }

    /// <summary>Introduces every member to every other: gossip alone takes Garnet seconds.</summary>
    private static async Task<bool> MeetAsync(IReadOnlyList<ClusterView> views, CancellationToken cancellationToken)
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
                    var host = IPAddress.TryParse(other.Host, out _) ? other.Host : "127.0.0.1";
                    await views[i].Member.SendAsync(cancellationToken, "CLUSTER", "MEET", host, $"{views[j].Member.Port}").ConfigureAwait(false);
                }
            }
        }

        return complete;
    }

    /// <summary>Lets each master without slots, a former master that came back too, follow the master with the fewest followers.</summary>
    private static async Task<bool> FollowAsync(IReadOnlyList<ClusterView> views, CancellationToken cancellationToken)
    {
        var followers = views.Select(v => v.Myself).Where(n => n.IsMaster && n.Slots.Count > 0)
            .ToDictionary(n => n.Id, n => views.Count(v => v.Myself.MasterId == n.Id));
        var idle = views.Where(v => v.Myself.IsMaster && v.Myself.Slots.Count == 0).ToList();
        foreach (var view in idle.Where(_ => followers.Count > 0))
        {
            var master = followers.MinBy(f => f.Value).Key;
            await view.Member.SendAsync(cancellationToken, "CLUSTER", "REPLICATE", master).ConfigureAwait(false);
            followers[master]++;
        }

        return idle.Count == 0;
    }
}
