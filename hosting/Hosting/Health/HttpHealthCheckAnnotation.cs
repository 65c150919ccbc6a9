using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>States that a resource is healthy when an HTTP request is answered with a status.</summary>
/// <param name="endpoint">Endpoint that is asked.</param>
/// <param name="path">Path of the request.</param>
/// <param name="statusCode">Expected status.</param>
public sealed class HttpHealthCheckAnnotation(EndpointReference endpoint, string path, int statusCode) : IResourceAnnotation
{
    /// <summary>Endpoint that is asked.</summary>
    public EndpointReference Endpoint { get; } = endpoint;

    /// <summary>Path of the request.</summary>
    public string Path { get; } = path;

    /// <summary>Expected status.</summary>
    public int StatusCode { get; } = statusCode;
}
