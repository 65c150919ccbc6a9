using System.Collections.Concurrent;
using System.Net;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace MonoRepo.ServiceDefaults.Redis;

/// <summary>
/// Dials a cluster's members where they are now. StackExchange.Redis knows a member by its announced host name, and once it has
/// an address for it, dials that one for ever: after all pods came back at new addresses it would never reach them again. So an
/// address is looked up, at each dial, in what the members that do answer say of the cluster.
/// </summary>
internal sealed class MemberAddresses : Tunnel
{
    // Of every address that any view has named. Six members that move ten times a day are 60 a day.
    private readonly ConcurrentDictionary<EndPoint, (string Id, string? Name)> _seen = new();

    /// <summary>Set once it exists; without it every address stays as it is.</summary>
    public IConnectionMultiplexer? Redis { get; set; }

    public override ValueTask<EndPoint?> GetSocketConnectEndpointAsync(EndPoint endpoint, CancellationToken cancellationToken) =>
        new(endpoint is IPEndPoint && Redis?.GetServers() is { } servers ? FindCurrent(endpoint, servers) : endpoint);

    private EndPoint FindCurrent(EndPoint endpoint, IServer[] servers)
    {
        // A server keeps the view of the cluster that it had over its last connection: those of the connected ones count.
        foreach (var node in servers.OrderBy(server => server.IsConnected).SelectMany(NodesOf))
        {
            _seen[node.EndPoint!] = (node.NodeId, node.Hostname);
        }

        IServer[] connected = [.. servers.Where(server => server.IsConnected)];
        ClusterNode[] present = [.. connected.SelectMany(NodesOf)];
        if (_seen.TryGetValue(endpoint, out var member))
        {
            // Members learn of each other's new addresses one after the other: the next dial may pick another view.
            EndPoint[] candidates =
                [.. present.Where(node => IsSame(node, member, endpoint)).Select(node => node.EndPoint!).Distinct()];
            return candidates.Length == 0 ? endpoint : candidates[Random.Shared.Next(candidates.Length)];
        }

        // Of an address that was never seen it can only be said that it isn't that of any member that is reached.
        // A configured address that no view names is a Service's, which leads to any of them.
        var services = Redis!.GetEndPoints(configuredOnly: true).Where(configured => !_seen.ContainsKey(configured)).ToHashSet();
        var reached = connected.Where(server => !services.Contains(server.EndPoint))
            .SelectMany(NodesOf).Where(node => node.IsMyself).Select(node => node.NodeId).ToHashSet();
        EndPoint[] unreached =
            [.. present.Where(node => !reached.Contains(node.NodeId)).Select(node => node.EndPoint!).Distinct()];
        return unreached.Length == 1 ? unreached[0] : endpoint;
    }

    private static IEnumerable<ClusterNode> NodesOf(IServer server) =>
        server.ClusterConfiguration?.Nodes.Where(node => node.EndPoint is IPEndPoint) ?? [];

    // A member whose volume was lost has a new id behind the old name. Members on one machine share a name, and differ by port.
    private static bool IsSame(ClusterNode node, (string Id, string? Name) member, EndPoint endpoint) => node.NodeId == member.Id
        || (!string.IsNullOrEmpty(node.Hostname) && node.Hostname == member.Name
            && ((IPEndPoint)node.EndPoint!).Port == ((IPEndPoint)endpoint).Port);
}
