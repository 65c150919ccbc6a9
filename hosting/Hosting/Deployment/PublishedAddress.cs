using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>
/// <c>host:port</c> of a <see cref="PublishedPortAnnotation"/>, for connection strings as seen from inside the cluster. Whoever
/// uses it in the graph gets a network edge to that port.
/// </summary>
public sealed class PublishedAddress(IResource resource, string port)
    : IValueProvider, IManifestExpressionProvider, IValueWithReferences
{
    /// <summary>The resource that listens.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>Name of the published port.</summary>
    public string Port { get; } = port;

    /// <inheritdoc/>
    public string ValueExpression => $"{{{Resource.Name}.bindings.{Port}.host}}:{{{Resource.Name}.bindings.{Port}.port}}";

    /// <inheritdoc/>
    public IEnumerable<object> References => [Resource];

    /// <inheritdoc/>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        var number = Resource.Annotations.OfType<PublishedPortAnnotation>().LastOrDefault(p => p.Name == Port)?.Port;
        return new(number is null ? null : $"{Resource.Name}:{number}");
    }
}
