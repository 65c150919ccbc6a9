using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Operations;

/// <summary>Which pod is meant where somebody names a resource: one that is ready, else one that runs.</summary>
internal static class PodChoice
{
    private static readonly string[] s_containers = ["containers", "initContainers", "ephemeralContainers"];

    /// <summary>The pod of a resource, or the one that has the name.</summary>
    /// <param name="objects">The rendered objects of the environment.</param>
    /// <param name="name">Name of a resource, or of a pod.</param>
    /// <exception cref="DeployException">No pod was found, or none is running.</exception>
    public static async Task<LiveObject> FindAsync(
        IClusterClient cluster, IReadOnlyList<YamlMap> objects, string name, CancellationToken cancellationToken)
    {
        var selected = objects.Select(o => new LiveObject(o))
            .Where(o => o.Resource == name && (o.Kind is "Deployment" or "StatefulSet" or "DaemonSet" or "Job" or "CronJob"))
            .Select(o => o.PodName).OfType<string>().Distinct().ToList();
        var query = ObjectQuery.OfKinds(ResourceKind.Pod);
        query = selected.Count > 0
            ? query with { Selector = $"{KubernetesLabels.Name} in ({string.Join(',', selected)})" }
            : ObjectQuery.Of(new ObjectKey("", "Pod", name));
        var pods = (await cluster.GetAsync(query, cancellationToken)).Select(p => new LiveObject(p)).ToList();
        return Best(pods) ?? throw (pods.Count == 0 && selected.Count == 0
            ? new UnknownNameException(
                $"'{name}' is neither a resource of this environment that runs pods, nor a pod of namespace " +
                $"'{cluster.Target.Namespace}'.")
            : new DeployException(pods.Count > 0
                ? $"No pod of '{name}' runs in namespace '{cluster.Target.Namespace}'. `status` says why."
                : $"'{name}' has no pod in namespace '{cluster.Target.Namespace}'. `status` says why."));
    }

    /// <summary>Asked with another container, the server answers only that it doesn't want to talk.</summary>
    /// <param name="container">Name of a container; null: the pod's first.</param>
    /// <exception cref="UnknownNameException">The pod has no such container.</exception>
    public static void CheckContainer(LiveObject pod, string? container)
    {
        var names = s_containers.SelectMany(f => pod.Map.ItemsAt("spec", f)).Select(c => c.Text("name")!).ToList();
        if (container is not null && !names.Contains(container))
        {
            throw new UnknownNameException(
                $"Pod {pod.Name} has no container '{container}'. It has: {string.Join(", ", names)}.");
        }
    }

    /// <summary>The best among pods: ready before running, then by name; null: none runs.</summary>
    public static LiveObject? Best(IEnumerable<LiveObject> pods) => pods
        .Where(p => !p.IsDeleting && p.Map.TextAt("status", "phase") == "Running")
        .OrderBy(p => !IsReady(p)).ThenBy(p => p.Name, StringComparer.Ordinal).FirstOrDefault();

    /// <summary>Whether a pod answers.</summary>
    public static bool IsReady(LiveObject pod) => !pod.IsDeleting && pod.Condition("Ready")?.Text("status") == "True";
}
