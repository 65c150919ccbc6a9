using System.Diagnostics;
using MonoRepo.Hosting;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The graph: every resource of the application.</summary>
/// <param name="resources">The resources; the collection is used, not copied.</param>
public class DistributedApplicationModel(IResourceCollection resources)
{
    /// <summary>A graph of these resources.</summary>
    public DistributedApplicationModel(IEnumerable<IResource> resources)
        : this(new ResourceCollection(resources))
    {
    }

    /// <summary>Every resource.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.RootHidden)]
    public IResourceCollection Resources { get; } = resources;
}
