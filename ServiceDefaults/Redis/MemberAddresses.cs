using System.Net;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace MonoRepo.ServiceDefaults.Redis;

/// <summary>
/// Dials a cluster's members where they are now. StackExchange.Redis knows a member by its announced host name, and once it has an
/// address for it, dials that one for ever: after all pods came back at new addresses it would never reach them again. So an address
/// is looked up, at each dial, in what the members that do answer say of the cluster.
/// </summary>
internal sealed class MemberAddresses : Tunnel
{
    /// <summary>Set once it exists; without it every address stays as it is.</summary>
    public IConnectionMultiplexer? Redis { get; set; }

    public override ValueTask<EndPoint?> GetSocketConnectEndpointAsync(EndPoint endpoint, CancellationToken cancellationToken) =>
        new(endpoint is IPEndPoint && Redis?.GetServers() is { } servers ? FindCurrent(endpoint, servers) : endpoint);

    private static EndPoint FindCurrent(EndPoint endpoint, IServer[] servers)
    {
        // A server keeps the view of the cluster that it had over its last connection.
        var before = servers.FirstOrDefault(server => server.EndPoint.Equals(endpoint))?
            .ClusterConfiguration?.Nodes.FirstOrDefault(node => node.IsMyself);
        if (before is null)
        {
            return endpoint;
        }

        EndPoint[] candidates = [.. servers
            .Where(server => server.IsConnected)
            .SelectMany(server => server.ClusterConfiguration?.Nodes ?? [])
            .Where(node => IsSame(node, before))
            .Select(node => node.EndPoint)
            .OfType<IPEndPoint>()
            .Distinct()];

        // Members learn of each other's new addresses one after the other: the next dial may pick another view.
        return candidates.Length == 0 ? endpoint : candidates[Random.Shared.Next(candidates.Length)];
    }

    // A member whose volume was lost has a new id behind the old name. Members on one machine share a name, and differ by port.
    private static bool IsSame(ClusterNode node, ClusterNode before) =>
        node.NodeId == before.NodeId
        || (!string.IsNullOrEmpty(node.Hostname) && node.Hostname == before.Hostname && PortOf(node) == PortOf(before));

    private static int? PortOf(ClusterNode node) => (node.EndPoint as IPEndPoint)?.Port;
}
