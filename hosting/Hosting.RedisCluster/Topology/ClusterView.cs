using System.Net.Sockets;

namespace MonoRepo.Hosting.RedisCluster.Topology;

/// <summary>What <paramref name="Member"/> knows of the cluster.</summary>
internal sealed record ClusterView(ClusterMember Member, IReadOnlyList<ClusterNode> Nodes)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public ClusterNode Myself { get; } = Nodes.Single(n => n.IsMyself);

    /// <summary>The slots that this member knows no owner of.</summary>
    public IEnumerable<int> MissingSlots =>
        Enumerable.Range(0, SlotRange.Count).Except(Nodes.SelectMany(n => n.Slots).SelectMany(r => r.Slots));

    /// <summary>Whether this member can find <paramref name="other"/> where it is now.</summary>
    public bool Knows(ClusterNode other) => Nodes.Any(n => n.Id == other.Id && n.Port == other.Port && !n.Flags.Contains("handshake"));

    /// <summary>The views of those members that answer within two seconds.</summary>
    public static async Task<IReadOnlyList<ClusterView>> OfAsync(
        IReadOnlyList<ClusterMember> members, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var views = await Task.WhenAll(members.Select(m => TryOfAsync(m, either.Token))).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return [.. views.OfType<ClusterView>()];
    }

    private static async Task<ClusterView?> TryOfAsync(ClusterMember member, CancellationToken cancellationToken)
    {
        try
        {
            return await member.ViewAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or IOException or RespException or FormatException or OperationCanceledException)
        {
            return null;
        }
    }
}
