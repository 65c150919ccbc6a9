namespace Aspire.Hosting.ApplicationModel;

/// <summary>A change of an instance.</summary>
/// <param name="resource">The resource.</param>
/// <param name="resourceId">Name of the instance.</param>
/// <param name="snapshot">The instance now.</param>
public class ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
{
    /// <summary>The resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>Name of the instance.</summary>
    public string ResourceId { get; } = resourceId;

    /// <summary>The instance now.</summary>
    public CustomResourceSnapshot Snapshot { get; } = snapshot;
}
