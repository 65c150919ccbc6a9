using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>Finds the endpoint that an HTTP request goes to.</summary>
internal static class HttpEndpoints
{
    /// <summary>"http", else "https", else the first endpoint of these schemes.</summary>
    internal static EndpointReference Find(IResourceWithEndpoints resource, string purpose)
    {
        var endpoints = resource.GetEndpoints().Where(e => e.IsHttp || e.IsHttps).ToArray();
        return endpoints.FirstOrDefault(e => string.Equals(e.EndpointName, "http", StringComparison.OrdinalIgnoreCase))
            ?? endpoints.FirstOrDefault(e => string.Equals(e.EndpointName, "https", StringComparison.OrdinalIgnoreCase))
            ?? endpoints.FirstOrDefault()
            ?? throw new DistributedApplicationException($"Could not create {purpose} for resource '{resource.Name}' as no HTTP endpoint was found. Add one by WithHttpEndpoint before it, or name an endpoint.");
    }

    internal static void ThrowUnlessHttp(EndpointReference endpoint, string purpose)
    {
        if (!endpoint.Exists)
        {
            throw new DistributedApplicationException($"Could not create {purpose} for resource '{endpoint.Resource.Name}' as the endpoint with name '{endpoint.EndpointName}' was not found.");
        }

        if (!endpoint.IsHttp && !endpoint.IsHttps)
        {
            throw new DistributedApplicationException($"Could not create {purpose} for resource '{endpoint.Resource.Name}' as the endpoint with name '{endpoint.EndpointName}' and scheme '{endpoint.Scheme}' is not an HTTP endpoint.");
        }
    }
}
