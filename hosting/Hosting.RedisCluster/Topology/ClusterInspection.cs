using System.Net;
using StackExchange.Redis;

namespace MonoRepo.Hosting.RedisCluster.Topology;

/// <summary>
/// Whether a cluster really serves. A member's <c>cluster_state:ok</c> alone proves little: Garnet says so with no slot assigned
/// and with a dead master. So every member must answer and know a living owner of every slot, each shard must take a
/// write and give it back, and each replica must follow its master.
/// </summary>
internal static class ClusterInspection
{
    private const string ProbePrefix = "monorepo:probe:";

    /// <summary>What is wrong, by member; empty when all is well.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> FindProblemsAsync(RedisClusterClient client)
    {
        var reports = await Task.WhenAll(client.Members.Select(m => ReportAsync(client, m)));
        var alive = reports.Select(r => r.View?.Myself.NodeId).ToHashSet();
        return reports.Select(r => (r.Member.Name, Problem: DeadOwner(r.View, alive) ?? r.Problem))
            .Where(r => r.Problem is not null)
            .ToDictionary(r => r.Name, r => r.Problem!);
    }

    /// <summary>Why a member does not answer.</summary>
    public static string Describe(ClusterMember member, Exception exception) => exception switch
    {
        RedisConnectionException => $"does not answer on port {member.Address.Port}",
        TimeoutException => $"does not answer on port {member.Address.Port} within {RedisClusterClient.Timeout.TotalSeconds} s",
        _ => $"answers on port {member.Address.Port}: {exception.Message}",
    };

    private static async Task<Report> ReportAsync(RedisClusterClient client, ClusterMember member)
    {
        try
        {
            var view = await client.ViewAsync(member);
            return new(member, view, await FindProblemAsync(client, view));
        }
        catch (Exception e) when (RedisClusterClient.IsRefusal(e))
        {
            return new(member, null, Describe(member, e));
        }
    }

    private static async Task<string?> FindProblemAsync(RedisClusterClient client, ClusterView view)
    {
        if (HashSlots.Format(view.MissingSlots) is { Length: > 0 } missing)
        {
            return $"knows no owner of slots {missing}";
        }

        var info = (string?)await client.ExecuteAsync(view.Member, "CLUSTER", "INFO");
        if (info?.Contains("cluster_state:ok", StringComparison.Ordinal) is not true)
        {
            return "reports cluster_state:fail";
        }

        return view.Myself.IsReplica
            ? (await client.ReplicationAsync(view.Member)).IsInSync
            ? null
            : "is not in step with its master"
            : view.Myself.Slots is [var slots, ..] ? await ProbeAsync(client, view.Member, slots) : null;
    }

    private static string? DeadOwner(ClusterView? view, HashSet<string?> alive) =>
        view?.Cluster.Nodes.FirstOrDefault(n => n.Slots.Count > 0 && !alive.Contains(n.NodeId)) is { } dead
            ? $"knows {dead.EndPoint}, which is away, as the owner of slots {string.Join(',', dead.Slots)}"
            : null;

    /// <summary>Writes and reads one key in the shard of which this member is the master.</summary>
    private static async Task<string?> ProbeAsync(RedisClusterClient client, ClusterMember member, SlotRange slots)
    {
        var key = await client.FindKeyAsync(member, slots, ProbePrefix);
        try
        {
            await client.ExecuteAsync(member, "SET", key, Guid.NewGuid().ToString("N"), "EX", "60");
            var read = await client.ExecuteAsync(member, "GET", key);

            // Another inspection may have written in between; what matters is that a value comes back.
            return read.IsNull ? $"lost the probe key '{key}'" : null;
        }
        catch (Exception e) when (e is RedisServerException or RedisCommandException)
        {
            return $"refused the probe key '{key}': {e.Message}";
        }
    }

    private sealed record Report(ClusterMember Member, ClusterView? View, string? Problem);
}

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
