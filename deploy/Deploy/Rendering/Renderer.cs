using MonoRepo.Deploy.Images;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Rendering;

/// <summary>
/// The flattened manifests of an environment, made in process from published files: object by object what
/// <c>kubectl kustomize k8s/overlays/E</c> makes of them.
/// </summary>
internal sealed class Renderer(ManifestTree tree)
{
    /// <exception cref="DeployException">The environment or a resource is unknown, or a file cannot be read.</exception>
    public RenderedEnvironment Render(
        string environment, RenderSubstitutions? substitutions = null, RenderSelection? selection = null)
    {
        var overlay = PublishedOverlay.Read(tree, environment);
        var objects = overlay.Objects;
        var newNames = substitutions?.Registry is { } registry
            ? BuiltHere(objects).ToDictionary(n => n, n => $"{registry}/{n}")
            : overlay.NewNames;
        var pins = ImagePins.Read(tree.Root, environment);
        var outdated = FindOutdatedPins(environment, objects, pins);
        Pin(objects, pins, substitutions?.Digests);
        var remarks = OverlayPatches.Read(tree.Root, environment).Apply(objects);
        Rename(objects, newNames);
        RenderedJobs.StateImages(objects, overlay.Jobs);
        var names = ConfigMapNames.Hash(objects, overlay.HashedConfigMaps);
        RenderedJobs.Name(objects, overlay.Jobs, names);
        NamespaceFields.Set(objects, substitutions?.Namespace ?? overlay.Namespace);
        objects = Selected(environment, objects, selection ?? RenderSelection.All);
        return new(
            KindOrder.Sort(objects),
            remarks,
            outdated,
            [.. objects.SelectMany(ImageFields.Of).Where(i => ImageReference.Parse(i).Digest is null).Distinct()
                .Order(StringComparer.Ordinal)]);
    }

    /// <summary>The objects as publish wrote them: without pins, patches, registry, namespace and hashed names.</summary>
    public IReadOnlyList<YamlMap> ReadPublished(string environment) => PublishedOverlay.Read(tree, environment).Objects;

    /// <summary>
    /// Which images the named resources of an environment run before any of them is pinned; all where none is named.
    /// </summary>
    public IReadOnlyList<UsedImage> FindImages(string environment, IReadOnlyCollection<string> resources)
    {
        var objects = PublishedOverlay.Read(tree, environment).Objects;
        return [.. Selected(environment, objects, new(resources, Deep: false)).SelectMany(ImageFields.Of)
            .Select(ImageReference.Parse)
            .Where(i => i.Digest is null)
            .DistinctBy(i => i.Name)
            .OrderBy(i => i.Name, StringComparer.Ordinal)
            .Select(i => new UsedImage(i.Name, i.Tag, i.Tag is null))];
    }

    /// <summary>The environment goes on running what is pinned until somebody promotes what the graph has by now.</summary>
    private static IReadOnlyList<string> FindOutdatedPins(string environment, IEnumerable<YamlMap> objects, ImagePins pins) =>
        pins.Digests.Count == 0 ? [] :
    [
        .. from image in objects.SelectMany(ImageFields.Of).Select(ImageReference.Parse)
            .Select(i => new UsedImage(i.Name, i.Tag, i.Tag is null)).Distinct()
           let tag = pins.FindOutdated(image)
           where tag is not null
           select $"{image.Name}: is pinned to a digest of {tag}, the graph has {image.Tag} by now. `promote --resolve --to " +
               $"{environment}` pins that.",
    ];

    /// <summary>Images that are built here have neither tag nor digest before they are pinned.</summary>
    private static IEnumerable<string> BuiltHere(IEnumerable<YamlMap> objects) =>
        objects.SelectMany(ImageFields.Of).Select(ImageReference.Parse).Where(i => i is { Tag: null, Digest: null })
        .Select(i => i.Name).Distinct();

    /// <summary>
    /// Patches are applied before the selection, so that one for another resource is not said to match nothing.
    /// </summary>
    private static List<YamlMap> Selected(string environment, List<YamlMap> objects, RenderSelection selection)
    {
        var names = ResourceSelection.Select(environment, objects, selection);
        return [.. objects.Where(o => ResourceSelection.Owner(o) switch
        {
            null => selection.Resources.Count == 0,
            KubernetesLabels.Environment => selection.Deep || selection.Resources.Count == 0,
            var owner => names.Contains(owner),
        })];
    }

    private static void Pin(List<YamlMap> objects, ImagePins pins, IReadOnlyDictionary<string, string>? digests)
    {
        foreach (var (image, digest) in digests ?? new Dictionary<string, string>())
        {
            pins.Set(image, digest);
        }

        if (pins.Digests.Count > 0)
        {
            objects.ForEach(o => ImageFields.Replace(o, pins.Pin));
        }
    }

    private static void Rename(List<YamlMap> objects, IReadOnlyDictionary<string, string> newNames)
    {
        if (newNames.Count > 0)
        {
            objects.ForEach(o => ImageFields.Replace(
                o, image => ImageReference.Parse(image) is var reference && newNames.TryGetValue(reference.Name, out var name)
                    ? (reference with { Name = name }).ToString()
                    : image));
        }
    }
}

/// <summary>An environment as it is applied.</summary>
/// <param name="Objects">All objects, each with its namespace, in kind order.</param>
/// <param name="PatchRemarks">Patches that match nothing or change what belongs to the graph.</param>
/// <param name="OutdatedPins">Images that run under the digest of another tag than the graph has.</param>
/// <param name="UnpinnedImages">Images without a digest.</param>
internal sealed record RenderedEnvironment(
    IReadOnlyList<YamlMap> Objects, IReadOnlyList<string> PatchRemarks, IReadOnlyList<string> OutdatedPins,
    IReadOnlyList<string> UnpinnedImages)
{
    /// <summary>All that people should know about their patches and pins.</summary>
    public IEnumerable<string> Remarks => [.. PatchRemarks, .. OutdatedPins];
}

/// <summary>What is set at the time of rendering rather than in git.</summary>
/// <param name="Namespace">Takes the place of the environment's namespace, for <c>personal</c>.</param>
/// <param name="Digests">Digests of images that were just built, for <c>personal</c>: image name to <c>sha256:…</c>.</param>
/// <param name="Registry">Takes the place of the environment's registry, for a developer whose registry is called
/// otherwise.</param>
internal sealed record RenderSubstitutions(
    string? Namespace = null, IReadOnlyDictionary<string, string>? Digests = null, string? Registry = null);

/// <summary>
/// Where kustomize's namespace transformer writes: every object, and the ServiceAccounts of the tree that a RoleBinding names.
/// </summary>
internal static class NamespaceFields
{
    public static void Set(IReadOnlyList<YamlMap> objects, string value)
    {
        var accounts = objects.Where(o => o.Text("kind") == "ServiceAccount").Select(Name).ToHashSet();
        foreach (var one in objects)
        {
            one.Map("metadata")!["namespace"] = new YamlScalar(value);
            foreach (var subject in (one["subjects"] as YamlList ?? []).OfType<YamlMap>()
                .Where(s => s.Text("kind") == "ServiceAccount" && accounts.Contains(s.Text("name"))))
            {
                subject["namespace"] = new YamlScalar(value);
            }
        }
    }

    private static string? Name(YamlMap one) => one.Map("metadata")?.Text("name");
}
