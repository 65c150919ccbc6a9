using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Apply;

/// <summary>
/// <c>spec.replicas</c> changes hands: a manifest with an autoscaler does not state it. Were it simply dropped while we alone own
/// it, the API would reset it to 1; so a field manager of its own keeps the present number until the autoscaler changes it.
/// </summary>
internal static class Replicas
{
    /// <summary>Keeps the number between us and the autoscaler.</summary>
    public const string HandoverManager = "monorepo-replicas";

    /// <summary>Field manager of the controllers, the autoscaler's among them.</summary>
    private const string Controllers = "kube-controller-manager";

    /// <summary>Whether a field manager stands for an autoscaler.</summary>
    public static bool IsAutoscaler(string manager) => manager is HandoverManager or Controllers;

    /// <summary>Whether we own the number in the cluster and no longer state it.</summary>
    public static bool IsDropped(YamlMap wanted, YamlMap live) =>
        wanted.Text("kind") is "Deployment" or "StatefulSet" && wanted.Map("spec")?["replicas"] is null
        && FieldOwners.Owns(live, ApplyOptions.FieldManager, "spec", "replicas");

    /// <summary>The number and nothing else, to be applied by <see cref="HandoverManager"/>.</summary>
    public static YamlMap Only(YamlMap live) => new YamlMap().Add("apiVersion", live.Text("apiVersion")!)
        .Add("kind", live.Text("kind")!)
        .Add("metadata", new YamlMap().Add(
            "name", live.Map("metadata")!.Text("name")!).Add("namespace", live.Map("metadata")!.Text("namespace")!))
        .Add("spec", new YamlMap().Add("replicas", live.Map("spec")!["replicas"]!));
}
