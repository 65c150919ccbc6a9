using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>Where one replica of a running resource listens.</summary>
internal static class ReplicaAddress
{
    /// <summary>
    /// The address that the replica itself listens on, without the proxy in front of all replicas: for a project the one that it
    /// was given for its endpoint, else the endpoint's.
    /// </summary>
    /// <returns>The address; null: it is not known yet.</returns>
    public static Uri? Find(IResource resource, CustomResourceSnapshot snapshot, string endpoint)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(snapshot);
        var variable = $"Kestrel__Endpoints__{endpoint}__Url";
        var own = snapshot.EnvironmentVariables.FirstOrDefault(
            v => v.Name.Equals(variable, StringComparison.OrdinalIgnoreCase))?.Value;
        var address = own ?? (resource.Annotations.OfType<EndpointAnnotation>()
            .FirstOrDefault(e => e.Name.Equals(endpoint, StringComparison.OrdinalIgnoreCase))?.AllocatedEndpoint)?.UriString;
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Port > 0 ? uri : null;
    }
}
