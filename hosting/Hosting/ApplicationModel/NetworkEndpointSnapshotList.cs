using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>An address of an endpoint in one network, once it is allocated.</summary>
/// <param name="Snapshot">The address.</param>
/// <param name="NetworkID">The network.</param>
public record NetworkEndpointSnapshot(ValueSnapshot<AllocatedEndpoint> Snapshot, NetworkIdentifier NetworkID);

/// <summary>The addresses of one endpoint, one for each network.</summary>
public class NetworkEndpointSnapshotList : IEnumerable<NetworkEndpointSnapshot>
{
    private readonly Lock _gate = new();
    private NetworkEndpointSnapshot[] _snapshots = [];

    /// <inheritdoc />
    public IEnumerator<NetworkEndpointSnapshot> GetEnumerator() => ((IEnumerable<NetworkEndpointSnapshot>)_snapshots).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Sets the address in a network and releases who waits for it.</summary>
    public void AddOrUpdateAllocatedEndpoint(NetworkIdentifier networkId, AllocatedEndpoint endpoint)
    {
        if (endpoint.NetworkID != networkId)
        {
            throw new ArgumentException($"The address belongs to network '{endpoint.NetworkID}', not to '{networkId}'.", nameof(endpoint));
        }

        For(networkId).SetValue(endpoint);
    }

    /// <summary>The address in a network; waits until it is allocated.</summary>
    public Task<AllocatedEndpoint> GetAllocatedEndpointAsync(
        NetworkIdentifier networkId,
        CancellationToken cancellationToken = default) =>
        For(networkId).GetValueAsync(cancellationToken);

    internal bool TryGetAllocatedEndpoint(NetworkIdentifier networkId, [NotNullWhen(true)] out AllocatedEndpoint? endpoint)
    {
        var snapshot = Array.Find(_snapshots, s => s.NetworkID == networkId)?.Snapshot;
        endpoint = snapshot is { IsValueSet: true } ? snapshot.GetValueAsync().GetAwaiter().GetResult() : null;
        return endpoint is not null;
    }

    internal ValueSnapshot<AllocatedEndpoint> For(NetworkIdentifier networkId)
    {
        lock (_gate)
        {
            var found = Array.Find(_snapshots, s => s.NetworkID == networkId);
            if (found is null)
            {
                found = new NetworkEndpointSnapshot(new ValueSnapshot<AllocatedEndpoint>(), networkId);
                _snapshots = [.. _snapshots, found];
            }

            return found.Snapshot;
        }
    }
}
