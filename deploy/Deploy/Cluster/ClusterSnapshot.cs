using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Cluster;

/// <summary>A namespace at one moment.</summary>
/// <param name="Objects">Workloads, ReplicaSets, pods, volume claims.</param>
/// <param name="Events">Their events, oldest first.</param>
internal sealed record ClusterSnapshot(IReadOnlyList<LiveObject> Objects, IReadOnlyList<LiveEvent> Events, DateTimeOffset At)
{
    /// <summary>Sorts what was read into objects and events.</summary>
    public static ClusterSnapshot Of(IReadOnlyCollection<YamlMap> found, DateTimeOffset at) => new(
        [.. found.Where(f => f.Text("kind") != "Event").Select(f => new LiveObject(f))],
        [.. found.Where(f => f.Text("kind") == "Event").Select(LiveEvent.Of).OrderBy(e => e.Last)],
        at);

    /// <summary>The object of that kind and name, or null.</summary>
    public LiveObject? Find(string kind, string name) => Objects.FirstOrDefault(o => o.Kind == kind && o.Name == name);

    /// <summary>The objects of a kind that <paramref name="owner"/> made.</summary>
    public IEnumerable<LiveObject> OwnedBy(LiveObject owner, string kind) =>
        Objects.Where(o => o.Kind == kind && o.IsOwnedBy(owner));

    /// <summary>
    /// The pods of a workload: its own, those of its ReplicaSets and Jobs, and of what an operator made for it.
    /// </summary>
    public IEnumerable<LiveObject> PodsOf(LiveObject workload) =>
        OwnedBy(workload, "Pod").Concat(Objects.Where(
            o => o.Kind is "ReplicaSet" or "Job" or "StatefulSet" or "Deployment" && o.IsOwnedBy(workload)).SelectMany(PodsOf));

    /// <summary>What happened to an object, oldest first.</summary>
    public IEnumerable<LiveEvent> EventsOf(LiveObject one) => Events.Where(e => e.Uid == one.Uid);
}

/// <summary>An object as the API server returned it.</summary>
internal sealed record LiveObject(YamlMap Map)
{
    public string Kind { get; } = Map.Text("kind") ?? "";

    public string Name { get; } = Map.TextAt("metadata", "name") ?? "";

    /// <summary>What owner references and events name it by.</summary>
    public string Uid { get; } = Map.TextAt("metadata", "uid") ?? "";

    /// <summary>When it was created.</summary>
    public DateTimeOffset? Created => Map.TimeAt("metadata", "creationTimestamp");

    /// <summary>Whether it is on its way out.</summary>
    public bool IsDeleting => Map.At("metadata", "deletionTimestamp") is not null;

    /// <summary>Whether its controller has seen the present spec.</summary>
    public bool IsObserved =>
        Map.NumberAt("status", "observedGeneration") is { } observed && observed >= (Map.NumberAt("metadata", "generation") ?? 0);

    /// <summary>The resource of the graph that it belongs to; its own name where that is not said.</summary>
    public string Resource => Map.TextAt("metadata", "annotations", KubernetesLabels.Resource) ?? Name;

    /// <summary>The name by which selectors find its pods, or those of its template.</summary>
    public string? PodName =>
        Map.TextAt("spec", "template", "metadata", "labels", KubernetesLabels.Name)
        ?? Map.TextAt("spec", "jobTemplate", "spec", "template", "metadata", "labels", KubernetesLabels.Name)
        ?? Map.TextAt("metadata", "labels", KubernetesLabels.Name);

    /// <summary>Whether <paramref name="owner"/> made it.</summary>
    public bool IsOwnedBy(LiveObject owner) => Map.ItemsAt("metadata", "ownerReferences").Any(o => o.TextAt("uid") == owner.Uid);

    /// <summary>A condition of its status, or null.</summary>
    public YamlMap? Condition(string type) => Map.ItemsAt("status", "conditions").FirstOrDefault(c => c.Text("type") == type);

    /// <summary>The states of a pod's containers; those of init containers first.</summary>
    public IEnumerable<YamlMap> ContainerStatuses =>
        Map.ItemsAt("status", "initContainerStatuses").Concat(Map.ItemsAt("status", "containerStatuses"));
}

/// <summary>Something that happened to an object.</summary>
/// <param name="IsWarning">Whether it is more than news.</param>
/// <param name="Reason">One word: <c>Unhealthy</c>, <c>Pulling</c>.</param>
/// <param name="Container">The container of the pod, where it is about one.</param>
/// <param name="Last">When it happened last.</param>
internal sealed record LiveEvent(
    string Uid, bool IsWarning, string Reason, string Message, string? Container, long Count, DateTimeOffset Last)
{
    /// <summary>Kind of the object.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Name of the object.</summary>
    public string Name { get; init; } = "";

    /// <summary>Reads an event of the core API; newer reporters leave the old time fields empty.</summary>
    public static LiveEvent Of(YamlMap one) => new(
        one.TextAt("involvedObject", "uid") ?? "",
        one.TextAt("type") == "Warning",
        one.TextAt("reason") ?? "",
        OneLine.Of(one.TextAt("message")),
        ContainerOf(one.TextAt("involvedObject", "fieldPath")),
        one.NumberAt("series", "count") ?? one.NumberAt("count") ?? 1,
        one.TimeAt("series", "lastObservedTime") ?? one.TimeAt("lastTimestamp") ?? one.TimeAt("eventTime")
            ?? one.TimeAt("metadata", "creationTimestamp") ?? default)
    {
        Kind = one.TextAt("involvedObject", "kind") ?? "",
        Name = one.TextAt("involvedObject", "name") ?? "",
    };

    // spec.containers{store}
    private static string? ContainerOf(string? path)
    {
        var open = path?.IndexOf('{', StringComparison.Ordinal) ?? -1;
        return open >= 0 && path![^1] == '}' ? path[(open + 1)..^1] : null;
    }
}
