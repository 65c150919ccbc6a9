using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Rollout;

/// <summary>What of a rendered environment is waited for, and who calls whom in it.</summary>
public sealed class RolloutTargets
{
    private readonly Dictionary<string, SortedSet<string>> _calls = [];

    private RolloutTargets(IReadOnlyList<RolloutTarget> targets) => Targets = targets;

    /// <summary>The objects.</summary>
    public IReadOnlyList<RolloutTarget> Targets { get; }

    /// <summary>Kinds, as kubectl takes them, that have to be read to tell how far these are.</summary>
    public IReadOnlyList<string> Kinds =>
    [
        .. new[] { "deployment.apps", "replicaset.apps", "statefulset.apps", "job.batch", "pod", "persistentvolumeclaim" }
            .Concat(Targets.Select(t => t.Key.KindArgument)).Distinct(),
    ];

    /// <summary>Reads rendered objects.</summary>
    public static RolloutTargets Of(IReadOnlyList<YamlMap> objects)
    {
        var targets = objects.Where(o => ProgressReading.Kinds.Contains(o.Text("kind")))
            .Select(o => new RolloutTarget(ObjectKey.Of(o), new LiveObject(o).Resource, new LiveObject(o).PodName, o.At("spec", "ttlSecondsAfterFinished") is not null));
        var read = new RolloutTargets([.. targets]);
        foreach (var policy in objects.Where(o => o.Text("kind") == "NetworkPolicy"))
        {
            read.Add(policy);
        }

        return read;
    }

    /// <summary>Names of the pods that pods of this name call, other than themselves.</summary>
    public IReadOnlyCollection<string> CalledBy(string podName) => _calls.GetValueOrDefault(podName) ?? [];

    // The edges of the graph as they are published: policies whose pods may call other pods of the namespace.
    //   podSelector: {matchLabels: {app.kubernetes.io/name: server}}
    //   egress: [{to: [{podSelector: {matchLabels: {app.kubernetes.io/name: store}}}], ports: …}]
    private void Add(YamlMap policy)
    {
        if (policy.TextAt("spec", "podSelector", "matchLabels", KubernetesLabels.Name) is not { } caller)
        {
            return;
        }

        foreach (var peer in policy.ItemsAt("spec", "egress").SelectMany(e => e.ItemsAt("to")))
        {
            if (peer.At("namespaceSelector") is null && peer.TextAt("podSelector", "matchLabels", KubernetesLabels.Name) is { } called && called != caller)
            {
                (_calls.TryGetValue(caller, out var known) ? known : _calls[caller] = new(StringComparer.Ordinal)).Add(called);
            }
        }
    }
}

/// <summary>An object that is waited for.</summary>
/// <param name="Key">Which one.</param>
/// <param name="Resource">The resource of the graph that it belongs to.</param>
/// <param name="PodName">By which name selectors find its pods.</param>
/// <param name="GoesWhenDone">A Job that the cluster deletes some time after its end.</param>
public sealed record RolloutTarget(ObjectKey Key, string Resource, string? PodName, bool GoesWhenDone);
