using Aspire.Hosting;
using MonoRepo.Deploy.Images;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Hosting.Kubernetes.Graph;
using MonoRepo.Hosting.Kubernetes.Lowering;

namespace MonoRepo.Hosting.Kubernetes.Images;

/// <summary>Which images an environment runs, before any of them is pinned.</summary>
public static class UsedImages
{
    /// <summary>The images of resources; of all where none is named.</summary>
    /// <exception cref="DistributedApplicationException">A resource is unknown there, or the graph has faults.</exception>
    public static IReadOnlyList<UsedImage> Of(PublishedModel model, string environment, IReadOnlyCollection<string> resources)
    {
        var declared = model.Environments.FirstOrDefault(e => string.Equals(e.Name, environment, StringComparison.OrdinalIgnoreCase))
            ?? throw new DistributedApplicationException($"The environment '{environment}' is unknown. Declared are: {string.Join(", ", model.Environments.Select(e => e.Name))}.");
        var faults = new Faults();
        var graph = EnvironmentGraph.Read(model, EnvironmentFacts.Of(declared), faults);
        var lowering = new GraphLowering(graph);
        var lowered = Dependencies.Select(graph, resources, deep: false).Order(StringComparer.Ordinal).Select(r => lowering.Lower(r, faults)!).ToList();
        faults.ThrowIfAny();
        var built = lowered.SelectMany(r => r.BuiltImages).ToHashSet();
        return [.. lowered.SelectMany(r => r.Objects).SelectMany(ImageFields.Of)
            .Select(ImageReference.Parse)
            .Where(i => i.Digest is null)
            .DistinctBy(i => i.Name)
            .OrderBy(i => i.Name, StringComparer.Ordinal)
            .Select(i => new UsedImage(i.Name, i.Tag, built.Contains(i.Name)))];
    }
}
