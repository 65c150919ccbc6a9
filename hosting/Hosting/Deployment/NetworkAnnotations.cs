using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>A destination outside of the graph that the resource may reach.</summary>
/// <param name="Cidr">Addresses in CIDR form where known; otherwise any.</param>
internal sealed record EgressAnnotation(int Port, string? Cidr) : IResourceAnnotation;

/// <summary>A port of a resource that is not a container, project or executable, as its publishing workload serves it.</summary>
/// <remarks>Where the resource has an endpoint of that name, the endpoint's references resolve to it.</remarks>
/// <param name="Name">Name, unique in the resource.</param>
internal sealed record PublishedPortAnnotation(string Name, int Port) : IResourceAnnotation
{
    /// <summary>Of its URLs.</summary>
    public string Scheme { get; init; } = "tcp";

    /// <summary>HTTP/2 without TLS, as gRPC speaks it inside of a cluster.</summary>
    public bool IsHttp2 { get; init; }

    /// <summary>Reached from outside.</summary>
    public bool IsExternal { get; init; }
}

/// <summary>
/// <c>host:port</c> of a <see cref="PublishedPortAnnotation"/>, for connection strings as seen from inside the cluster. Whoever
/// uses it in the graph gets a network edge to that port.
/// </summary>
internal sealed class PublishedAddress(IResource resource, string port)
    : IValueProvider, IManifestExpressionProvider, IValueWithReferences
{
    public IResource Resource { get; } = resource;

    public string Port { get; } = port;

    public string ValueExpression => $"{{{Resource.Name}.bindings.{Port}.host}}:{{{Resource.Name}.bindings.{Port}.port}}";

    public IEnumerable<object> References => [Resource];

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        var number = Resource.Annotations.OfType<PublishedPortAnnotation>().LastOrDefault(p => p.Name == Port)?.Port;
        return new(number is null ? null : $"{Resource.Name}:{number}");
    }
}

/// <summary>
/// The connection string of the resource as seen from inside the cluster, where it is not the one that its endpoints make.
/// </summary>
internal sealed record ConnectionInClusterAnnotation(ReferenceExpression ConnectionString) : IResourceAnnotation;
