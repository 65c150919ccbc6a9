using Aspire.Hosting;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Yaml;
using MonoRepo.Hosting.Kubernetes.Graph;
using MonoRepo.Hosting.Kubernetes.Lowering;

namespace MonoRepo.Hosting.Kubernetes.Rendering;

/// <summary>
/// The flattened manifests of an environment, made in process: the same lowering as the overlay's, then what kustomize does with it
/// (pins, people's patches, registry, namespace, hashed names), object by object what <c>kubectl kustomize k8s/overlays/E</c> makes.
/// </summary>
public sealed class Renderer(PublishedModel model, string root)
{
    /// <summary>Renders an environment.</summary>
    /// <exception cref="DistributedApplicationException">The environment is unknown, or the graph has faults.</exception>
    public RenderedEnvironment Render(string environment, RenderSubstitutions? substitutions = null, RenderSelection? selection = null)
    {
        var facts = Find(environment);
        var faults = new Faults();
        GraphValidation.Check(model, faults);
        var graph = EnvironmentGraph.Read(model, facts, faults);
        var lowering = new GraphLowering(graph);
        faults.ThrowIfAny();
        var resources = lowering.Resources.Order(StringComparer.Ordinal).Select(r => lowering.Lower(r, faults)!).ToList();
        faults.ThrowIfAny();

        List<YamlMap> objects = [.. resources.SelectMany(r => r.Objects), .. resources.SelectMany(r => r.ConfigMaps).Select(c => GeneratedConfigMap.Of(c, model.Application))];
        var hashed = resources.SelectMany(r => r.ConfigMaps).Where(c => c.IsHashed).Select(c => c.Name).ToHashSet();
        var jobs = resources.Where(r => r.IsJob).Select(r => r.Name).ToHashSet();
        Pin(objects, ImagePins.Read(root, facts.Name!), substitutions?.Digests);
        var remarks = OverlayPatches.Read(root, facts.Name!).Apply(objects);
        Rename(objects, substitutions?.Registry ?? facts.Target!.Registry, [.. resources.SelectMany(r => r.BuiltImages)]);
        RenderedJobs.StateImages(objects, jobs);
        var names = ConfigMapNames.Hash(objects, hashed);
        RenderedJobs.Name(objects, jobs, names);
        NamespaceFields.Set(objects, substitutions?.Namespace ?? facts.Target!.Namespace);
        objects = Selected(objects, graph, selection ?? RenderSelection.All);
        return new(KindOrder.Sort(objects), remarks, [.. objects.SelectMany(ImageFields.Of).Where(i => ImageReference.Parse(i).Digest is null).Distinct().Order(StringComparer.Ordinal)]);
    }

    private EnvironmentFacts Find(string environment) =>
        model.Environments.FirstOrDefault(e => string.Equals(e.Name, environment, StringComparison.OrdinalIgnoreCase)) is { } found
            ? EnvironmentFacts.Of(found)
            : throw new DistributedApplicationException(
                $"The environment '{environment}' is unknown. {(model.Environments.Count == 0 ? "None is declared: add one with AddEnvironment" : $"Declared are {string.Join(", ", model.Environments.Select(e => e.Name))}")}.");

    /// <summary>Patches are applied before the selection, so that one for another resource is not said to match nothing.</summary>
    private static List<YamlMap> Selected(List<YamlMap> objects, EnvironmentGraph graph, RenderSelection selection)
    {
        var names = Dependencies.Select(graph, selection.Resources, selection.Deep);
        return [.. objects.Where(o => o.Map("metadata")?.Map("annotations")?.Text(KubernetesLabels.Resource) switch
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

    private static void Rename(List<YamlMap> objects, string? registry, HashSet<string> built)
    {
        if (registry is not null)
        {
            objects.ForEach(o => ImageFields.Replace(o, image => ImageReference.Parse(image) is var reference && built.Contains(reference.Name)
                ? (reference with { Name = $"{registry}/{reference.Name}" }).ToString()
                : image));
        }
    }
}
