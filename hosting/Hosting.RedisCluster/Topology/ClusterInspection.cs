using System.Net.Sockets;

namespace MonoRepo.Hosting.RedisCluster.Topology;

/// <summary>
/// Whether a cluster really serves. A member's <c>cluster_state:ok</c> alone proves little: Garnet says so with no slot assigned
/// and with a dead master. So every member must answer and know a living owner of every slot, each shard must take a
/// write and give it back, and each replica must follow its master.
/// </summary>
internal static class ClusterInspection
{
    private const string ProbePrefix = "monorepo:probe:";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>What is wrong, by member; empty when all is well.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> FaultsAsync(
        IReadOnlyList<ClusterMember> members, TimeProvider clock, CancellationToken cancellationToken)
    {
        var reports = await Task.WhenAll(members.Select(m => ReportAsync(m, clock, cancellationToken))).ConfigureAwait(false);
        var alive = reports.Select(r => r.View?.Myself.Id).ToHashSet();
        return reports
            .Select(r => (r.Member.Name, Fault: DeadOwner(r.View, alive) ?? r.Fault))
            .Where(f => f.Fault is not null)
            .ToDictionary(f => f.Name, f => f.Fault!);
    }

    private static async Task<Report> ReportAsync(ClusterMember member, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using var connection = await member.ConnectAsync(either.Token).ConfigureAwait(false);
            var nodes = await connection.SendAsync(either.Token, "CLUSTER", "NODES").ConfigureAwait(false);
            var view = new ClusterView(member, ClusterNode.Parse(nodes ?? ""));
            var fault = SlotFault(view)
                ?? await StateFaultAsync(connection, either.Token).ConfigureAwait(false)
                ?? await ReplicationFaultAsync(connection, view, either.Token).ConfigureAwait(false)
                ?? await ProbeFaultAsync(connection, view, either.Token).ConfigureAwait(false);
            return new(member, view, fault);
        }
        catch (SocketException)
        {
            return new(member, null, $"does not answer on port {member.Port}");
        }
        catch (Exception e) when (e is IOException or RespException or FormatException)
        {
            return new(member, null, $"answers on port {member.Port}: {e.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(member, null, $"does not answer on port {member.Port} within {Patience.TotalSeconds} s");
        }
    }

    private static string? SlotFault(ClusterView view) =>
        SlotRange.Compact(view.MissingSlots) is { Count: > 0 } missing ? $"knows no owner of slots {string.Join(',', missing)}" : null;

    private static string? DeadOwner(ClusterView? view, HashSet<string?> alive) =>
        view?.Nodes.FirstOrDefault(n => n.Slots.Count > 0 && !alive.Contains(n.Id)) is { } dead
            ? $"knows {dead.Host}:{dead.Port}, which is away, as the owner of slots {string.Join(',', dead.Slots)}"
            : null;

    private static async Task<string?> StateFaultAsync(RespConnection connection, CancellationToken cancellationToken)
    {
        var info = await connection.SendAsync(cancellationToken, "CLUSTER", "INFO").ConfigureAwait(false) ?? "";
        var state = info.Split('\n', StringSplitOptions.TrimEntries).FirstOrDefault(l => l.StartsWith("cluster_state:", StringComparison.Ordinal));
        return state == "cluster_state:ok" ? null : $"reports {state}";
    }

    private static async Task<string?> ReplicationFaultAsync(RespConnection connection, ClusterView view, CancellationToken cancellationToken) =>
        view.Myself.IsMaster || await Replication.IsInSyncAsync(connection, cancellationToken).ConfigureAwait(false)
            ? null
            : "is not in step with its master";

    /// <summary>Writes and reads one key in the shard of which this member is the master.</summary>
    private static async Task<string?> ProbeFaultAsync(RespConnection connection, ClusterView view, CancellationToken cancellationToken)
    {
        if (!view.Myself.IsMaster || view.Myself.Slots is not [var slots, ..])
        {
            return null;
        }

        var key = HashSlot.KeyWithin(slots, ProbePrefix);
        try
        {
            var value = Guid.NewGuid().ToString("N");
            await connection.SendAsync(cancellationToken, "SET", key, value, "EX", "60").ConfigureAwait(false);
            var read = await connection.SendAsync(cancellationToken, "GET", key).ConfigureAwait(false);

            // Another inspection may have written in between; what matters is that a value comes back.
            return read is null ? $"lost the probe key '{key}'" : null;
        }
        catch (RespException e)
        {
            return $"refused the probe key '{key}': {e.Message}";
        }
    }

    private sealed record Report(ClusterMember Member, ClusterView? View, string? Fault);
}
