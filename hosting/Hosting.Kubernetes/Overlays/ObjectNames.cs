using MonoRepo.Deploy.Rendering;
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

/// <summary>
/// Finds images of one name and several versions in an environment: kustomize pins by name, so that one of them would run as the
/// other. What is built here and what is pulled may not share a name for the same reason.
/// </summary>
internal sealed class ImageNames(ValidationErrors errors)
{
    private readonly Dictionary<(string, string), ImageUse> _first = [];

    public static IEnumerable<ImageUse> Of(string environment, LoweredResource? resource) =>
        resource is null
        ? []
        : resource.Objects.SelectMany(ImageFields.Of).Distinct()
        .Select(i => new ImageUse(environment, ImageReference.Parse(i), resource.Name));

    public void Add(IEnumerable<ImageUse> uses)
    {
        foreach (var use in uses)
        {
            var key = (use.Environment, use.Image.Name);
            if (_first.TryAdd(key, use) || _first[key].Image == use.Image)
            {
                continue;
            }

            var other = _first[key];
            errors.Add(
                use.Owner,
                "image",
                $"is {use.Image}, and that of '{other.Owner}' is {other.Image}: an image is pinned by its name " +
                $"'{use.Image.Name}', so that both would run the same one",
                "use one version, or give one of them another name (a registry in front, " +
                "such as docker.io/library/nginx, is one)");
        }
    }
}

/// <summary>An image that a resource runs in an environment.</summary>
internal readonly record struct ImageUse(string Environment, ImageReference Image, string Owner);
