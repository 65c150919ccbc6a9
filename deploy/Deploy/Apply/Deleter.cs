using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;

namespace MonoRepo.Deploy.Apply;

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
