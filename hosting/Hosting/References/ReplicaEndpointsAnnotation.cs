using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>
/// The addresses of the replicas of one endpoint. The run engine states it before it resolves any environment; callers
/// then get one address a replica (services__name__endpoint__0 to N-1), because a single proxy would pin an HTTP/2
/// connection to one replica. Without it callers get the one shared address.
/// </summary>
public sealed class ReplicaEndpointsAnnotation : IResourceAnnotation
{
    /// <summary>Addresses that are still to be allocated.</summary>
    /// <param name="endpointName">Name of the endpoint.</param>
    /// <param name="replicas">Number of replicas.</param>
    public ReplicaEndpointsAnnotation(string endpointName, int replicas)
    {
        ArgumentException.ThrowIfNullOrEmpty(endpointName);
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        EndpointName = endpointName;
        Replicas = [.. Enumerable.Range(0, replicas).Select(_ => new NetworkEndpointSnapshotList())];
    }

    /// <summary>Name of the endpoint.</summary>
    public string EndpointName { get; }

    /// <summary>The addresses of each replica, one for each network; the engine sets them by AddOrUpdateAllocatedEndpoint.</summary>
    public IReadOnlyList<NetworkEndpointSnapshotList> Replicas { get; }
}
