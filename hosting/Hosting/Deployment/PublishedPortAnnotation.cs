using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>A port of a resource that is not a container, project or executable, as its publishing workload serves it.</summary>
/// <remarks>Where the resource has an endpoint of that name, the endpoint's references resolve to it.</remarks>
/// <param name="Name">Name, unique in the resource.</param>
/// <param name="Port">Number.</param>
public sealed record PublishedPortAnnotation(string Name, int Port) : IResourceAnnotation
{
    /// <summary>Of its URLs.</summary>
    public string Scheme { get; init; } = "tcp";

    /// <summary>HTTP/2 without TLS, as gRPC speaks it inside of a cluster.</summary>
    public bool IsHttp2 { get; init; }

    /// <summary>Reached from outside.</summary>
    public bool IsExternal { get; init; }
}
