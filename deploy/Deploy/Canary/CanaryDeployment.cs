using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Canary;

/// <summary>
/// The Deployment of a candidate, beside that of its baseline and behind the same Services. It isn't in the inventory, so that no
/// apply prunes it; the baseline owns it, so that it goes with the baseline.
/// </summary>
/// <param name="Baseline">How many pods the baseline has.</param>
/// <param name="Replicas">How many pods the candidate has.</param>
internal sealed record CanaryDeployment(YamlMap Object, long Baseline, long Replicas)
{
    /// <summary>Label of the candidate's pods.</summary>
    public const string Track = "track";

    private const string Suffix = "canary";

    /// <summary>The part of the pods that are the candidate's, in percent.</summary>
    public double Weight => 100.0 * Replicas / (Baseline + Replicas);

    /// <summary>The key of a candidate.</summary>
    public static ObjectKey KeyOf(ObjectKey baseline) => baseline with { Name = $"{baseline.Name}-{Suffix}" };

    /// <exception cref="UnknownNameException">It has none.</exception>
    public static ObjectKey BaselineOf(IEnumerable<YamlMap> objects, string resource) =>
        objects.Where(o => ResourceKind.Of(o) == ResourceKind.Deployment && ResourceSelection.Owner(o) == resource)
        .Select(ObjectKey.Of).FirstOrDefault()
        ?? throw new UnknownNameException(
            $"'{resource}' has no Deployment in this environment, so it can't have a canary. Name a resource that has one.");

    /// <summary>The candidates that run beside resources.</summary>
    public static async Task<IReadOnlyList<YamlMap>> FindAsync(
        IClusterClient cluster, IEnumerable<YamlMap> objects, CancellationToken cancellationToken) =>
        objects.Where(o => ResourceKind.Of(o) == ResourceKind.Deployment).Select(o => KeyOf(ObjectKey.Of(o)))
        .ToArray() is { Length: > 0 } keys
            ? await cluster.GetAsync(ObjectQuery.Of(keys), cancellationToken)
            : [];

    /// <summary>
    /// Which pods are of a baseline or its candidate, as a regular expression; a Deployment's pods are <c>name-hash-suffix</c>.
    /// </summary>
    public static string PodPattern(string baseline) => $"{baseline}-({Suffix}-)?[a-z0-9]+-[a-z0-9]+";

    /// <summary>Whether a pod is the candidate's.</summary>
    public static bool IsCanary(string pod, string baseline) => pod.StartsWith($"{baseline}-{Suffix}-", StringComparison.Ordinal);

    /// <summary>The image that a Deployment's resource runs.</summary>
    public static ImageReference ImageOf(YamlMap deployment) => ImageReference.Parse(Container(deployment).Text("image") ?? "");

    /// <summary>Makes a candidate of what runs.</summary>
    /// <param name="image">The candidate's image.</param>
    /// <param name="weight">The part of the pods that should be the candidate's, in percent; what comes nearest is taken.</param>
    public static CanaryDeployment Create(YamlMap live, ImageReference image, int weight)
    {
        var key = KeyOf(ObjectKey.Of(live));
        var pods = live.NumberAt("spec", "replicas") ?? 1;
        if (pods == 0)
        {
            throw new DeployException($"{ObjectKey.Of(live)} has no pods, so there is nothing to compare a canary with.");
        }

        var replicas = Math.Max(1, (long)Math.Round(pods * weight / (100.0 - weight), MidpointRounding.AwayFromZero));
        var spec = (YamlMap)live.Map("spec")!.Clone();
        spec["replicas"] = YamlScalar.Of(replicas);
        Label(spec, "selector", "matchLabels");
        Label(spec, "template", "metadata", "labels");
        var metadata = new YamlMap().Add("name", key.Name);
        if (live.MapAt("metadata", "labels") is { } labels)
        {
            metadata.Add("labels", labels.Clone());
        }

        metadata.Add("annotations", new YamlMap().Add(KubernetesLabels.Resource, new LiveObject(live).Resource));
        metadata.Add("ownerReferences", new YamlList([new YamlMap()
            .Add("apiVersion", "apps/v1").Add("kind", "Deployment").Add("name", ObjectKey.Of(live).Name)
            .Add("uid", live.TextAt("metadata", "uid") ?? "")]));
        var one = new YamlMap().Add(
            "apiVersion", "apps/v1").Add("kind", "Deployment").Add("metadata", metadata).Add("spec", spec);
        Container(one, new LiveObject(live).Resource)["image"] = new YamlScalar(image.ToString());
        return new(one, pods, replicas);
    }

    private static void Label(YamlMap spec, params ReadOnlySpan<string> path) =>
        (spec.MapAt(path) ?? throw new DeployException("The Deployment has no labels by which its pods are found.")).Add(
            Track, Suffix);

    // Sidecars have other names than the resource.
    private static YamlMap Container(YamlMap deployment, string? resource = null)
    {
        resource ??= new LiveObject(deployment).Resource;
        var containers = deployment.ItemsAt("spec", "template", "spec", "containers").ToList();
        return containers.FirstOrDefault(c => c.Text("name") == resource) ?? containers[0];
    }
}
