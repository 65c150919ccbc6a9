namespace Aspire.Hosting.ApplicationModel;

/// <summary>A relationship to another resource, such as Parent, Reference or WaitFor.</summary>
/// <param name="resource">The other resource.</param>
/// <param name="type">Kind of relationship.</param>
public sealed class ResourceRelationshipAnnotation(IResource resource, string type) : IResourceAnnotation
{
    /// <summary>The other resource.</summary>
    public IResource Resource { get; } = resource ?? throw new ArgumentNullException(nameof(resource));

    /// <summary>Kind of relationship.</summary>
    public string Type { get; } = type ?? throw new ArgumentNullException(nameof(type));
}

/// <summary>Kinds of relationships that the dashboard knows.</summary>
internal static class KnownRelationshipTypes
{
    internal const string Parent = nameof(Parent);
    internal const string Reference = nameof(Reference);
    internal const string WaitFor = nameof(WaitFor);
}
