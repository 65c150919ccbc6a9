using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Rollout;

/// <summary>What of a rendered environment is waited for, and who calls whom in it.</summary>
internal sealed class RolloutTargets
{
    private static readonly ResourceKind[] s_kinds =
        [
            ResourceKind.Deployment, ResourceKind.ReplicaSet, ResourceKind.StatefulSet, ResourceKind.Job, ResourceKind.Pod,
            ResourceKind.PersistentVolumeClaim,
        ];

    private readonly Dictionary<string, SortedSet<string>> _calls = [];
    private readonly HashSet<ResourceKind> _unreadable = [];

    private RolloutTargets(IReadOnlyList<RolloutTarget> targets) => Targets = targets;

    /// <summary>The objects.</summary>
    public IReadOnlyList<RolloutTarget> Targets { get; }

    /// <summary>Kinds that may not be read, or that the cluster doesn't have: nothing is known of their objects.</summary>
    public IReadOnlySet<ResourceKind> Unreadable => _unreadable;

    /// <summary>Kinds that have to be read to tell how far these are.</summary>
    public IReadOnlyList<ResourceKind> Kinds => [.. s_kinds.Concat(Targets.Select(t => t.Key.ResourceKind)).Distinct()];

    /// <summary>Reads what has to be read to tell how far these are.</summary>
    /// <param name="report">Called with a line when the connection broke.</param>
    public Task OpenAsync(
        ClusterView view, Action<string> report, CancellationToken cancellationToken,
        bool managedFields = false) => view.OpenAsync(
        ObjectQuery.OfKinds(Kinds) with { Unreadable = Unread, Interrupted = report, ManagedFields = managedFields },
        cancellationToken);

    /// <summary>Reads the events as well.</summary>
    public Task OpenEventsAsync(ClusterView view, CancellationToken cancellationToken) =>
        view.OpenAsync(ObjectQuery.OfKinds(ResourceKind.Event) with { Unreadable = (_, _) => { } }, cancellationToken);

    /// <summary>Reads rendered objects.</summary>
    public static RolloutTargets Of(IReadOnlyList<YamlMap> objects)
    {
        var targets = objects.Where(o => ProgressReading.Kinds.Contains(o.Text("kind")))
            .Select(o => new RolloutTarget(ObjectKey.Of(o), new LiveObject(o).Resource, new LiveObject(o).PodName, o.At(
                "spec", "ttlSecondsAfterFinished") is not null, o));
        var read = new RolloutTargets([.. targets]);
        foreach (var policy in objects.Where(o => o.Text("kind") == "NetworkPolicy"))
        {
            read.Add(policy);
        }

        return read;
    }

    /// <summary>What others have added to a live object, with its managed fields.</summary>
    public IReadOnlyList<ForeignField> AdditionsTo(YamlMap live) =>
        Targets.FirstOrDefault(t => t.Key == ObjectKey.Of(live)) is { } target ? FieldOwners.Additions(live, target.Wanted) : [];

    /// <summary>Names of the pods that pods of this name call, other than themselves.</summary>
    public IReadOnlyCollection<string> CalledBy(string podName) => _calls.GetValueOrDefault(podName) ?? [];

    // Without pods nothing can be told.
    private void Unread(ResourceKind kind, ClusterError error)
    {
        if (kind == ResourceKind.Pod)
        {
            throw new ClusterException([error]);
        }

        _unreadable.Add(kind);
    }

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
            if (peer.At("namespaceSelector") is null
                && peer.TextAt("podSelector", "matchLabels", KubernetesLabels.Name) is { } called && called != caller)
            {
                (_calls.TryGetValue(caller, out var known) ? known : _calls[caller] = new(StringComparer.Ordinal)).Add(called);
            }
        }
    }
}

/// <summary>An object that is waited for.</summary>
/// <param name="Resource">The resource of the graph that it belongs to.</param>
/// <param name="PodName">By which name selectors find its pods.</param>
/// <param name="GoesWhenDone">A Job that the cluster deletes some time after its end.</param>
internal sealed record RolloutTarget(ObjectKey Key, string Resource, string? PodName, bool GoesWhenDone, YamlMap Wanted);
