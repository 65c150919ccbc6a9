using MonoRepo.Hosting.Kubernetes.Graph;
using MonoRepo.Hosting.Kubernetes.Lowering;

namespace MonoRepo.Hosting.Kubernetes.Overlays;

/// <summary>
/// Finds objects of the same kind and name that two resources make, such as <c>a-headless</c> of <c>a</c> and of a resource so
/// named.
/// </summary>
internal sealed class ObjectNames(ValidationErrors errors)
{
    private readonly Dictionary<(string?, string, string), string> _owners = [];

    public static IEnumerable<ObjectName> Of(string? environment, LoweredResource? resource) => resource is null
        ? []
        : [
            .. resource.Objects.Select(
                o => new ObjectName(environment, o.Text("kind")!, o.Map("metadata")!.Text("name")!, resource.Name)),
            .. resource.ConfigMaps.Select(c => new ObjectName(environment, "ConfigMap", c.Name, resource.Name)),
        ];

    public void Add(IEnumerable<ObjectName> names)
    {
        foreach (var (environment, kind, name, owner) in names)
        {
            if (!_owners.TryAdd((environment, kind, name), owner))
            {
                errors.Add(owner, "name", $"makes the {kind} '{name}', as '{_owners[(environment, kind, name)]}' does",
                    "rename one of the two resources");
            }
        }
    }
}

/// <summary>An object of an environment, and the resource that makes it.</summary>
internal readonly record struct ObjectName(string? Environment, string Kind, string Name, string Owner);
