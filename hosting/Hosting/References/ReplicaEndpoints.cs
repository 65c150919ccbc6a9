using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>The addresses that a caller of an endpoint gets.</summary>
public static class ReplicaEndpoints
{
    /// <summary>One value a replica when an engine has stated <see cref="ReplicaEndpointsAnnotation"/>, else the endpoint itself.</summary>
    public static IReadOnlyList<IExpressionValue> AddressesOf(EndpointReference endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        var replicas = endpoint.Resource.Annotations.OfType<ReplicaEndpointsAnnotation>()
            .LastOrDefault(a => string.Equals(a.EndpointName, endpoint.EndpointName, StringComparison.OrdinalIgnoreCase));
        return replicas is null ? [endpoint] : [.. replicas.Replicas.Select(addresses => new ReplicaAddress(endpoint, addresses))];
    }

    private sealed class ReplicaAddress(
        EndpointReference endpoint,
        NetworkEndpointSnapshotList addresses) : IExpressionValue, IValueWithReferences
    {
        public string ValueExpression => ((IManifestExpressionProvider)endpoint).ValueExpression;

        public IEnumerable<object> References => [endpoint];

        public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
            GetValueAsync(new ValueProviderContext(), cancellationToken);

        public async ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default)
        {
            var network = endpoint.ContextNetworkID ?? context.ResolveNetwork();
            var allocated = await addresses.GetAllocatedEndpointAsync(network, cancellationToken).ConfigureAwait(false);
            return allocated.UriString;
        }
    }
}
