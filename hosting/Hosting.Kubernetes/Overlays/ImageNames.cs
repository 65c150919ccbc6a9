using MonoRepo.Deploy.Rendering;
using MonoRepo.Hosting.Kubernetes.Graph;
using MonoRepo.Hosting.Kubernetes.Lowering;

namespace MonoRepo.Hosting.Kubernetes.Overlays;

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
