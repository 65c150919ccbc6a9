using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.StatefulSets;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Apply;

/// <summary>What a delete takes, and what it leaves.</summary>
/// <param name="Objects">Objects that go, workloads first.</param>
/// <param name="Volumes">Claims of StatefulSets among them; they go only if asked for.</param>
internal sealed record DeletePlan(IReadOnlyList<InventoryEntry> Objects, IReadOnlyList<InventoryEntry> Volumes)
{
    private const string Claim = "PersistentVolumeClaim";
    private static readonly string[] s_workloads = ["HorizontalPodAutoscaler", "Deployment", "StatefulSet", "CronJob", "Job"];

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsEmpty => Objects.Count == 0 && Volumes.Count == 0;

    /// <summary>Works it out. What belongs to the environment itself goes with its last resource.</summary>
    /// <param name="resources">Resources; null: all.</param>
    /// <param name="claims">PersistentVolumeClaims of the namespace as they are.</param>
    public static DeletePlan Of(
        Inventory inventory, IReadOnlySet<string>? resources, IReadOnlyList<YamlMap> statefulSets, IReadOnlyList<YamlMap> claims)
    {
        var rest = inventory.Entries.Where(
            e => e.Key.Kind != Claim && resources?.Contains(e.Resource) == false && e.Resource != KubernetesLabels.Environment);
        var all = resources is null || !rest.Any();
        var meant = inventory.Entries.Where(e => all || resources!.Contains(e.Resource)).ToList();
        var listed = claims.Select(ObjectKey.Of).ToHashSet();
        var volumes = meant.Where(e => e.Key.Kind == Claim && listed.Contains(e.Key)).ToList();
        foreach (var set in meant.Where(e => e.Key.Kind == "StatefulSet"))
        {
            if (statefulSets.FirstOrDefault(s => ObjectKey.Of(s) == set.Key) is { } live)
            {
                var owner = new StatefulSetMembers(live);
                volumes.AddRange(
                    claims.Where(c => IsOf(c, owner)).Select(c => new InventoryEntry(ObjectKey.Of(c), set.Resource)));
            }
        }

        return new(
            [.. meant.Where(e => e.Key.Kind != Claim)
                .OrderBy(e => Array.IndexOf(s_workloads, e.Key.Kind) is >= 0 and var at ? at : s_workloads.Length)],
            [.. volumes.DistinctBy(v => v.Key)]);
    }

    // data-store-0: the template's name, the set's, a number; with the labels of the set's selector
    private static bool IsOf(YamlMap claim, StatefulSetMembers set) =>
        set.Spec.ItemsAt("volumeClaimTemplates")
            .Any(t => set.Ordinal(ObjectKey.Of(claim).Name, $"{t.TextAt("metadata", "name")}-") is not null)
        && (set.Spec.MapAt("selector", "matchLabels") ?? [])
            .All(l => claim.TextAt("metadata", "labels", l.Key) == (l.Value as YamlScalar)?.Text);
}

/// <summary>Deletes what the inventory says is ours, and nothing else.</summary>
internal sealed class Deleter(IClusterClient cluster, InventoryStore store)
{
    /// <summary>Looks what there is to delete.</summary>
    /// <param name="resources">Resources; null: all.</param>
    public async Task<(DeletePlan Plan, Inventory Inventory)> PlanAsync(
        IReadOnlySet<string>? resources, CancellationToken cancellationToken)
    {
        var inventory = await store.ReadAsync(cancellationToken);
        if (inventory.Entries.Count == 0)
        {
            return (new([], []), inventory);
        }

        var live = (await cluster.GetAsync(ObjectQuery.OfKinds(
            ResourceKind.StatefulSet, ResourceKind.PersistentVolumeClaim), cancellationToken))
            .ToLookup(o => o.Text("kind"));
        return (DeletePlan.Of(inventory, resources, [.. live["StatefulSet"]], [.. live["PersistentVolumeClaim"]]), inventory);
    }

    /// <summary>Deletes, and waits until pods are gone. Kept volumes stay listed, so that they can be deleted later.</summary>
    /// <returns>Whether anything is still listed; else the state of the environment is gone, too.</returns>
    public async Task<bool> DeleteAsync(
        DeletePlan plan, Inventory inventory, bool withVolumes, CancellationToken cancellationToken)
    {
        var written = await store.ChangeAsync(inventory, i => i.Union(plan.Volumes), cancellationToken);
        await cluster.DeleteAsync(
            [.. plan.Objects.Select(o => o.Key)], new() { Wait = true, Foreground = true }, cancellationToken);
        if (withVolumes)
        {
            await cluster.DeleteAsync([.. plan.Volumes.Select(v => v.Key)], new() { Wait = true }, cancellationToken);
        }

        HashSet<ObjectKey> gone = [.. plan.Objects.Select(o => o.Key), .. withVolumes ? plan.Volumes.Select(v => v.Key) : []];
        var left = await store.ChangeAsync(written, now =>
            now.ResourceVersion == written.ResourceVersion ? now.Without(gone) : now, cancellationToken);
        if (left.Entries.Count == 0)
        {
            await cluster.DeleteAsync(store.Keys, new(), cancellationToken);
        }

        return left.Entries.Count > 0;
    }
}
