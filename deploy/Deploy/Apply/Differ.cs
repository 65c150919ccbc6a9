using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Files;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Apply;

/// <summary>
/// What an apply would change, as the cluster itself says it: a dry run on the server, compared object by object.
/// </summary>
internal sealed class Differ(IClusterClient cluster)
{
    /// <summary>Compares the rendered objects with those of the cluster.</summary>
    public async Task<ObjectDifferences> CompareAsync(DeployRequest request, CancellationToken cancellationToken)
    {
        var store = new InventoryStore(cluster, request.Application, request.Environment);
        var state = await ClusterState.ReadAsync(cluster, store, request.Objects, cancellationToken);
        var live = state.Live;
        var skipped = request.Objects.Where(o => state.Unreadable.Contains(ResourceKind.Of(o))).ToList();
        var changes = ChangeSet.Between(
            [.. request.Objects.Except(skipped)], live, state.Inventory, request.Scope, request.KeepJobs);
        changes = changes with { Pruned = [.. changes.Pruned.Where(p => !state.Unreadable.Contains(p.Key.ResourceKind))] };
        var there = live.ToDictionary(ObjectKey.Of);
        var after = await DryRunAsync(changes, there, cancellationToken);

        // Old ConfigMaps are left out: whether they go is known only after the rollout.
        var gone = changes.Pruned.Count == 0 ? [] : await cluster.GetAsync(
            ObjectQuery.Of([.. changes.Pruned.Select(p => p.Key)]), cancellationToken);
        IEnumerable<ObjectDifference> differences =
        [
            .. after.Select(o => Difference(there.GetValueOrDefault(ObjectKey.Of(o)), o)),
            .. gone.Select(o => Difference(o, null)),
        ];
        return new(
            [.. differences.Where(d => d.Text.Length > 0)],
            changes.Conflicts,
            [
                .. new[] { Refusal.LeftOut([.. skipped.Select(ObjectKey.Of)]) }.OfType<string>(),
                .. changes.Migrated.Select(m =>
                    $"{ObjectKey.Of(m)}: was applied with kubectl; apply makes it ours, without what isn't wanted any more."),
                .. changes.Additions.Select(a => $"{a}."),
            ]);
    }

    private static ObjectDifference Difference(YamlMap? before, YamlMap? after)
    {
        var key = ObjectKey.Of((after ?? before)!);
        return new(key, UnifiedDiff.Between(key.ToString(), before is null
            ? ""
            : ComparableObject.Text(before), after is null ? "" : ComparableObject.Text(after)));
    }

    private async Task<IReadOnlyList<YamlMap>> DryRunAsync(
        ChangeSet changes, Dictionary<ObjectKey, YamlMap> there, CancellationToken cancellationToken)
    {
        IReadOnlyList<YamlMap> after;
        try
        {
            after = await DryRunAsync(changes.Apply, cancellationToken);
        }
        catch (ClusterException exception)
            when (exception.Errors.All(e => e.Reason is ClusterErrorReason.Immutable or ClusterErrorReason.Invalid))
        {
            // A set whose immutable fields change is replaced by apply; the cluster cannot say how that will look.
            var sets = changes.Apply.Where(o => o.Text("kind") == "StatefulSet" && there.ContainsKey(ObjectKey.Of(o))).ToList();
            List<YamlMap> read = [.. await DryRunAsync([.. changes.Apply.Except(sets)], cancellationToken)];
            read.AddRange(sets.Select(s => ComparableObject.Merge(there[ObjectKey.Of(s)], s)));
            after = read;
        }

        foreach (var one in after.Where(o => changes.HandedOver.Any(h => ObjectKey.Of(h) == ObjectKey.Of(o))))
        {
            one.Map("spec")!["replicas"] = there[ObjectKey.Of(one)].Map("spec")!["replicas"];
        }

        return after;
    }

    private async Task<IReadOnlyList<YamlMap>> DryRunAsync(IReadOnlyList<YamlMap> objects, CancellationToken cancellationToken) =>
        [.. (await cluster.ApplyAsync(objects, new() { DryRun = true, ForceConflicts = true }, cancellationToken))
            .Select(a => a.Object)];
}

/// <summary>What an apply would change in one object.</summary>
internal sealed record ObjectDifference(ObjectKey Object, string Text);

/// <summary>What an apply would change.</summary>
/// <param name="Differences">Objects that would change.</param>
/// <param name="Conflicts">Fields that others have set to another value, which an apply refuses to change.</param>
/// <param name="Remarks">What else there is to know: what others have added, what may not be seen.</param>
internal sealed record ObjectDifferences(
    IReadOnlyList<ObjectDifference> Differences, IReadOnlyList<FieldConflict> Conflicts, IReadOnlyList<string> Remarks);
