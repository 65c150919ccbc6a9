using System.Collections.Immutable;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting.Run.Orchestration;

/// <summary>Who belongs to whom.</summary>
internal sealed class Relations(DistributedApplicationModel model)
{
    private const string ParentType = "Parent";

    private readonly ILookup<IResource, IResource> _children = model.Resources
        .OfType<IResourceWithParent>()
        .ToLookup(child => child.Parent, child => (IResource)child);

    /// <summary>
    /// The children whose state is the resource's own: a database of a server. Those with a process of their own, or that
    /// are values, lead their own lives.
    /// </summary>
    public IEnumerable<IResource> DependentChildrenOf(IResource resource) => _children[resource].Where(child =>
        child is not (ProjectResource or ExecutableResource or ParameterResource or Aspire.Hosting.ConnectionStringResource or Aspire.Hosting.ExternalServiceResource)
        && !child.IsContainer());

    public static IResource? ParentOf(IResource resource) => resource is IResourceWithParent child
        ? child.Parent
        : resource.Annotations.OfType<ResourceRelationshipAnnotation>().LastOrDefault(r => r.Type == ParentType)?.Resource;

    /// <summary>What the dashboard's graph shows.</summary>
    public static ImmutableArray<RelationshipSnapshot> SnapshotsOf(IResource resource)
    {
        var stated = resource.Annotations.OfType<ResourceRelationshipAnnotation>().Select(r => new RelationshipSnapshot(r.Resource.Name, r.Type));
        var parent = resource is IResourceWithParent child ? [new RelationshipSnapshot(child.Parent.Name, ParentType)] : Array.Empty<RelationshipSnapshot>();
        return [.. parent.Concat(stated).Distinct()];
    }
}
