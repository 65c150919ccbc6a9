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
