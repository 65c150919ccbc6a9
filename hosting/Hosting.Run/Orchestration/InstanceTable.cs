using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting.Run.Dcp;
using MonoRepo.Hosting.Run.Dcp.Lowering;

namespace MonoRepo.Hosting.Run.Orchestration;

/// <summary>The processes and containers of the graph, known by name before any of them exists.</summary>
internal sealed class InstanceTable
{
    private readonly Dictionary<IResource, IReadOnlyList<ResourceInstance>> _byResource = [];
    private readonly Dictionary<string, (IResource Resource, ResourceInstance Instance)> _byName = new(StringComparer.OrdinalIgnoreCase);

    public InstanceTable(DistributedApplicationModel model, DcpOptions options, string applicationId)
    {
        foreach (var resource in model.Resources.Where(IsRun))
        {
            var instances = InstancesOf(resource, options, applicationId);
            _byResource[resource] = instances;
            foreach (var instance in instances)
            {
                _byName[instance.Name] = (resource, instance);
            }
        }
    }

    /// <summary>The resources that DCP runs, in the graph's order.</summary>
    public IEnumerable<IResource> Resources => _byResource.Keys;

    /// <summary>The instances of a resource; none when DCP does not run it.</summary>
    public IReadOnlyList<ResourceInstance> Of(IResource resource) => _byResource.GetValueOrDefault(resource) ?? [];

    /// <summary>The instance of that name, or null.</summary>
    public (IResource Resource, ResourceInstance Instance)? Find(string name) =>
        _byName.TryGetValue(name, out var found) ? found : null;

    private static bool IsRun(IResource resource) => resource is ProjectResource or ExecutableResource || resource.IsContainer();

    private static ResourceInstance[] InstancesOf(IResource resource, DcpOptions options, string applicationId)
    {
        var count = resource is ProjectResource ? resource.GetReplicaCount() : 1;
        return [.. Enumerable.Range(0, count).Select(Create)];

        ResourceInstance Create(int index)
        {
            var suffix = ContainerPlanner.IsPersistent(resource)
                ? InstanceNames.StableSuffix(applicationId)
                : options.ResourceNameSuffix is { Length: > 0 } fixedSuffix ? (count > 1 ? $"{fixedSuffix}{index}" : fixedSuffix) : InstanceNames.RandomSuffix();
            return new ResourceInstance(resource.Name, $"{resource.Name}-{suffix}", suffix, index, count);
        }
    }
}
