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
        (request, var skipped) = state.Readable(request);
        var changes = state.Compare(request);
        var after = await DryRunAsync(changes, state, cancellationToken);

        // Old ConfigMaps are left out: whether they go is known only after the rollout.
        var gone = changes.Pruned.Count == 0 ? [] : await cluster.GetAsync(
            ObjectQuery.Of([.. changes.Pruned.Select(p => p.Key)]), cancellationToken);
        IEnumerable<ObjectDifference> differences =
        [
            .. after.Select(o => Difference(state.Find(ObjectKey.Of(o)), o)),
            .. gone.Select(o => Difference(o, null)),
        ];
        return new(
            [.. differences.Where(d => d.Text.Length > 0)],
            changes.Conflicts,
            [
                .. new[] { Refusal.LeftOut(skipped) }.OfType<string>(),
                .. changes.Migrated.Select(m =>
                    $"{ObjectKey.Of(m)}: was applied with kubectl; apply makes it ours, without what isn't wanted any more."),
                .. changes.Additions.Select(a => $"{a}."),
            ]);
    }

    private static ObjectDifference Difference(YamlMap? before, YamlMap? after)
    {
        var key = ObjectKey.Of((after ?? before)!);
        return new(key, UnifiedDiff.Between(key.ToString(), Text(before), Text(after)));

        static string Text(YamlMap? one) => one is null ? "" : ComparableObject.Text(one);
    }

    private async Task<IReadOnlyList<YamlMap>> DryRunAsync(
        ChangeSet changes, ClusterState state, CancellationToken cancellationToken)
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
            var sets = changes.Apply.Where(
                o => o.Text("kind") == "StatefulSet" && state.Find(ObjectKey.Of(o)) is not null).ToList();
            after =
            [
                .. await DryRunAsync([.. changes.Apply.Except(sets)], cancellationToken),
                .. sets.Select(s => ComparableObject.Merge(state.Find(ObjectKey.Of(s))!, s)),
            ];
        }

        foreach (var one in after.Where(o => changes.HandedOver.Any(h => ObjectKey.Of(h) == ObjectKey.Of(o))))
        {
            one.Map("spec")!["replicas"] = state.Find(ObjectKey.Of(one))!.Map("spec")!["replicas"];
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
