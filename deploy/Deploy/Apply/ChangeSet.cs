using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Apply;

/// <summary>
/// What has to happen so that a cluster has what is wanted. A value: computed from what is there, it changes nothing.
/// </summary>
internal sealed record ChangeSet
{
    /// <summary>Objects to apply, in the order of <see cref="KindOrder"/>.</summary>
    public required IReadOnlyList<YamlMap> Apply { get; init; }

    /// <summary>Those of them that do not exist yet.</summary>
    public required IReadOnlySet<ObjectKey> Created { get; init; }

    /// <summary>Jobs that are done and gone, as their time to live says: they do not run again.</summary>
    public required IReadOnlyList<ObjectKey> Finished { get; init; }

    /// <summary>Ours, and no longer wanted.</summary>
    public required IReadOnlyList<InventoryEntry> Pruned { get; init; }

    /// <summary>Old ConfigMaps of resources that stay: pods may still read them, so they go only after the rollout.</summary>
    public required IReadOnlyList<InventoryEntry> Outdated { get; init; }

    /// <summary>Objects that exist and are not ours, with the application that they say they are of.</summary>
    public required IReadOnlyDictionary<ObjectKey, string?> Foreign { get; init; }

    /// <summary>Objects that were applied with kubectl: live objects.</summary>
    public required IReadOnlyList<YamlMap> Migrated { get; init; }

    /// <summary>Fields of our objects that others have added.</summary>
    public required IReadOnlyList<ForeignField> Additions { get; init; }

    /// <summary>Fields that others have set to another value.</summary>
    public required IReadOnlyList<FieldConflict> Conflicts { get; init; }

    /// <summary>Workloads whose number of replicas an autoscaler gets from us: live objects.</summary>
    public required IReadOnlyList<YamlMap> HandedOver { get; init; }

    /// <summary>Workloads whose number of replicas comes back from an autoscaler that is no longer wanted.</summary>
    public required IReadOnlyList<YamlMap> TakenBack { get; init; }

    /// <summary>The difference between what is wanted and what is there.</summary>
    /// <param name="live">Objects of these kinds as they are, with managed fields.</param>
    /// <param name="keepJobs">Jobs that are not wanted stay: what they did is not undone by an older version.</param>
    public static ChangeSet Between(
        IReadOnlyList<YamlMap> wanted, IReadOnlyList<YamlMap> live, Inventory inventory, ChangeScope scope, bool keepJobs = false)
    {
        var there = live.ToDictionary(ObjectKey.Of);
        var keys = wanted.Select(ObjectKey.Of).ToHashSet();
        var stays = wanted.Select(o => InventoryEntry.Of(o).Resource).ToHashSet();
        var ours = inventory.Entries.ToDictionary(e => e.Key);
        var finished = keys.Where(
            k => k.Kind == "Job" && !there.ContainsKey(k) && ours.TryGetValue(k, out var entry) && !entry.IsPending).ToHashSet();
        List<YamlMap> apply = [.. KindOrder.Sort(wanted.Where(o => !finished.Contains(ObjectKey.Of(o))))];
        var gone = inventory.Entries.Where(e => !keys.Contains(e.Key) && scope.Contains(e.Resource) && e.Key.Kind != Claim
            && !(keepJobs && e.Key.Kind == "Job")).ToList();
        List<(YamlMap Wanted, YamlMap Live)> updated =
            [.. apply.Where(o => there.ContainsKey(ObjectKey.Of(o))).Select(o => (o, there[ObjectKey.Of(o)]))];
        var conflicts = updated.SelectMany(u => FieldOwners.Conflicts(u.Live, u.Wanted)).ToList();
        var scaled = keys.Where(k => k.Kind == Autoscaler).Select(k => k.Name).ToHashSet();
        var back = conflicts.Where(
            c => c.Path == FieldConflict.Replicas && !scaled.Contains(c.Object.Name) && Replicas.IsAutoscaler(c.Owner)).ToList();
        return new()
        {
            Apply = apply,
            Created = keys.Where(k => !there.ContainsKey(k) && !finished.Contains(k)).ToHashSet(),
            Finished = [.. finished],
            Pruned = [.. gone.Where(e => !IsOutdated(e, stays))],
            Outdated = [.. gone.Where(e => IsOutdated(e, stays))],
            Foreign = updated.Where(u => !ours.ContainsKey(ObjectKey.Of(u.Wanted)) && !IsMarked(u.Live, u.Wanted)).ToDictionary(
                u => ObjectKey.Of(u.Wanted), u => Application(u.Live)),
            Migrated = [.. updated.Where(u => OwnershipMigration.PatchFor(u.Live) is not null).Select(u => u.Live)],
            Additions = [.. updated.SelectMany(u => FieldOwners.Additions(u.Live, u.Wanted))],
            Conflicts = [.. conflicts.Except(back)],
            HandedOver = [.. updated.Where(u => Replicas.IsDropped(u.Wanted, u.Live)).Select(u => u.Live)],
            TakenBack = [.. updated.Where(u => back.Any(b => b.Object == ObjectKey.Of(u.Wanted))).Select(u => u.Wanted)],
        };
    }

    private const string Claim = "PersistentVolumeClaim";
    private const string Autoscaler = "HorizontalPodAutoscaler";

    private static bool IsOutdated(InventoryEntry entry, HashSet<string> stays) =>
        entry.Key.Kind == "ConfigMap" && stays.Contains(entry.Resource);

    private static string? Application(YamlMap live) =>
        live.Map("metadata")?.Map("labels") is { } labels && labels.Text(KubernetesLabels.ManagedBy) == KubernetesLabels.Manager
        ? labels.Text(KubernetesLabels.PartOf)
        : null;

    // What `kubectl apply -k` made earlier carries our labels and becomes ours.
    private static bool IsMarked(YamlMap live, YamlMap wanted)
    {
        var (has, wants) = (live.Map("metadata")?.Map("labels"), wanted.Map("metadata")?.Map("labels"));
        return has?.Text(KubernetesLabels.ManagedBy) == KubernetesLabels.Manager
            && has.Text(KubernetesLabels.PartOf) == wants?.Text(KubernetesLabels.PartOf);
    }
}
