using System.Diagnostics;
using MonoRepo.Deploy.Activity;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.StatefulSets;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Apply;

/// <summary>What has to work after an apply.</summary>
/// <param name="Seen">All objects of their kinds as they were a moment ago, where nothing was changed; else null.</param>
internal sealed record RolloutRequest(IReadOnlyList<YamlMap> Objects, IReadOnlyList<YamlMap>? Seen);

/// <summary>
/// Applies rendered objects. An apply that is interrupted anywhere leaves an inventory that lists at least what is there, so that
/// the next one finishes it.
/// </summary>
/// <param name="cluster">The cluster; the context has been checked.</param>
/// <param name="wait">Waits until what was applied works; false: it does not.</param>
/// <param name="report">Called with what should be known on the way, a line each.</param>
internal sealed class Applier(
    IClusterClient cluster, Func<RolloutRequest, CancellationToken, Task<bool>> wait, Action<string> report)
{
    private readonly StatefulSetSteps _statefulSets = new(cluster, report, TimeProvider.System);

    /// <summary>Records what was changed; null: nobody does.</summary>
    public ActivityRecorder? Activity { get; init; }

    /// <summary>
    /// Looks, refuses or validates, records what will be ours in the inventory, applies, prunes, waits for the rollout, and
    /// tidies up.
    /// </summary>
    /// <exception cref="DeployException">It is refused before anything was changed, or the cluster refuses a part.</exception>
    public async Task<ApplyResult> ApplyAsync(DeployRequest request, CancellationToken cancellationToken)
    {
        var store = new InventoryStore(cluster, request.Application, request.Environment);
        var state = await ClusterState.ReadAsync(cluster, store, request.Objects, cancellationToken);
        (request, var skipped) = state.Readable(request);
        var changes = state.Compare(request);
        Refusal.ThrowIfAny(changes, request);
        await ValidateAsync([.. changes.Apply.Where(state.IsDue)], state, cancellationToken);
        var inventories = state.Inventory.ResourceVersion is null
            ? await Leftovers.InventoriesAsync(cluster, cancellationToken)
            : [];
        Preview(changes, skipped);

        if (IsSettled(changes, state))
        {
            return await ChangeAsync(
                store, request, state, changes, inventories, skipped, isWritten: false, cancellationToken);
        }

        var (at, start) = (DateTimeOffset.UtcNow, Stopwatch.GetTimestamp());
        try
        {
            var result = await ChangeAsync(
                store, request, state, changes, inventories, skipped, isWritten: true, cancellationToken);
            HashSet<ObjectKey> changed = [.. result.Created, .. result.Changed, .. result.Deleted];
            if (changed.Count > 0 || !result.IsReady)
            {
                await RecordAsync(result.IsReady ? ActivityEntry.Done : ActivityEntry.Failed, request.Note, changed.Contains);
            }

            return result;
        }
        catch (Exception exception) when (exception is DeployException or OperationCanceledException)
        {
            HashSet<ObjectKey> begun =
                [.. changes.Apply.Where(state.IsDue).Select(ObjectKey.Of), .. changes.Pruned.Select(p => p.Key)];
            await RecordAsync(ActivityEntry.Failed, exception is DeployException
                ? exception.Message
                : "interrupted", begun.Contains);
            throw;
        }

        Task RecordAsync(string result, string? note, Func<ObjectKey, bool> isChanged) => Activity is null
            ? Task.CompletedTask
            : Activity.RecordAsync(
            Entry(changes, state, isChanged, new(at, request.Command, result)
            {
                Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
                Note = note,
            }));
    }

    private static ActivityEntry Entry(
        ChangeSet changes, ClusterState state, Func<ObjectKey, bool> isChanged, ActivityEntry entry)
    {
        List<(string Resource, YamlMap Wanted)> applied =
            [.. changes.Apply.Where(o => isChanged(ObjectKey.Of(o))).Select(o => (InventoryEntry.Of(o).Resource, o))];
        var gone = changes.Pruned.Concat(changes.Outdated).Where(p => isChanged(p.Key)).Select(p => p.Resource);
        return entry with
        {
            Resources = [.. applied.Select(a => a.Resource).Concat(gone).Distinct().Order(StringComparer.Ordinal)],
            Images =
            [
                .. applied.SelectMany(
                    a => ImageChange.Between(a.Resource, state.Find(ObjectKey.Of(a.Wanted)), a.Wanted)).Distinct(),
            ],
        };
    }

    private async Task<ApplyResult> ChangeAsync(
        InventoryStore store, DeployRequest request, ClusterState state, ChangeSet changes, IReadOnlyList<YamlMap> inventories,
        IReadOnlyList<ObjectKey> skipped, bool isWritten, CancellationToken cancellationToken)
    {
        var written = isWritten
            ? await store.ChangeAsync(
                state.Inventory, i => i.Union(changes.Apply.Select(InventoryEntry.Of)), cancellationToken)
            : state.Inventory;
        var objects = await PrepareAsync(changes, state, cancellationToken);
        var applied = await cluster.ApplyAsync(
            [.. objects.Where(state.IsDue)], new() { ForceConflicts = request.TakeFields }, cancellationToken);
        await cluster.DeleteAsync([.. changes.Pruned.Select(p => p.Key)], new(), cancellationToken);
        await Leftovers.ForgetAsync(cluster, inventories, request, cancellationToken);

        foreach (var set in changes.Apply.Where(IsStatefulSet))
        {
            await _statefulSets.AfterApplyAsync(set, cancellationToken);
        }

        // While we wait: who writes later sees what we wrote above.
        var others = isWritten ? store.ReadAsync(cancellationToken) : Task.FromResult(written);
        var isReady = await wait(new(changes.Apply, isWritten ? null : state.Live), cancellationToken);
        var unused = isReady ? await UnusedAsync(changes.Outdated, cancellationToken) : [];
        await cluster.DeleteAsync(unused, new(), cancellationToken);
        HashSet<ObjectKey> deleted = [.. changes.Pruned.Select(p => p.Key), .. unused];
        var now = await others;
        await FinishAsync(
            store, written, now.ResourceVersion != written.ResourceVersion, changes, deleted, isReady, cancellationToken);
        if (isReady)
        {
            await store.Revisions.AddAsync(
                state.Revisions, request.Objects, request.Scope, TimeProvider.System, cancellationToken);
        }

        var leftovers = Leftovers.Among(inventories, request, cluster.Target.Namespace);
        return Result(changes, state, applied, deleted, skipped, leftovers, isReady);
    }

    /// <summary>
    /// The server says what it will refuse, all of it, before anything is written. Conflicts were looked at already; a
    /// StatefulSet whose immutable fields change is replaced.
    /// </summary>
    private async Task ValidateAsync(IReadOnlyList<YamlMap> due, ClusterState state, CancellationToken cancellationToken)
    {
        try
        {
            await cluster.ApplyAsync(due, new() { DryRun = true, ForceConflicts = true }, cancellationToken);
        }
        catch (ClusterException exception)
        {
            var errors = exception.Errors.Where(e => e is not { Reason: ClusterErrorReason.Immutable, Object.Kind: "StatefulSet" }
                || state.Find(e.Object) is null).ToList();
            if (errors.Count > 0)
            {
                throw new ClusterException(errors);
            }
        }
    }

    /// <summary>
    /// Whether nothing will be written: then it is as if this apply had come before one that runs at the same time, which needn't
    /// see it.
    /// </summary>
    private static bool IsSettled(ChangeSet changes, ClusterState state) =>
        !changes.Apply.Any(state.IsDue) && changes.Pruned.Count + changes.HandedOver.Count + changes.TakenBack.Count == 0
        && state.Inventory.ResourceVersion is not null
        && state.Inventory.Union(changes.Apply.Select(InventoryEntry.Of)).Text == state.Inventory.Text;

    private static bool IsStatefulSet(YamlMap one) => one.Text("kind") == "StatefulSet";

    /// <summary>What will go is said before anything goes.</summary>
    private void Preview(ChangeSet changes, IReadOnlyList<ObjectKey> skipped)
    {
        List<string?> lines =
        [
            Refusal.LeftOut(skipped),
            .. changes.Pruned.Select(p => $"{p.Key} of {p.Resource} is no longer wanted and is deleted"),
            .. changes.TakenBack.Select(
                t => $"{ObjectKey.Of(t)}: the number of replicas is taken back from the autoscaler that is gone"),
            .. changes.Conflicts.Select(c => $"{c}; it is taken over"),
            .. changes.HandedOver.Select(h => $"{ObjectKey.Of(h)}: the number of replicas is handed over to the autoscaler"),
        ];
        lines.OfType<string>().ToList().ForEach(report);
    }

    private async Task<IReadOnlyList<YamlMap>> PrepareAsync(
        ChangeSet changes, ClusterState state, CancellationToken cancellationToken)
    {
        var instead = new Dictionary<ObjectKey, YamlMap>();
        foreach (var set in changes.Apply.Where(IsStatefulSet))
        {
            var key = ObjectKey.Of(set);
            instead[key] = await _statefulSets.BeforeApplyAsync(state.Find(key), set, cancellationToken);
        }

        foreach (var live in changes.Migrated)
        {
            await MigrateAsync(live, cancellationToken);
        }

        await cluster.ApplyAsync(
            [.. changes.HandedOver.Select(Replicas.Only)], new() { Manager = Replicas.HandoverManager }, cancellationToken);
        if (changes.TakenBack.Count > 0)
        {
            // The autoscaler first, or it would change the number again.
            await cluster.DeleteAsync(
                [.. changes.Pruned.Select(p => p.Key).Where(k => k.Kind == "HorizontalPodAutoscaler")], new(), cancellationToken);
            await cluster.ApplyAsync(changes.TakenBack, new() { ForceConflicts = true }, cancellationToken);
        }

        return [.. changes.Apply.Select(o => instead.GetValueOrDefault(ObjectKey.Of(o)) ?? o)];
    }

    /// <summary>
    /// Takes over the fields that kubectl manages. If the object changes concurrently, reads it again and retries.
    /// </summary>
    private async Task MigrateAsync(YamlMap live, CancellationToken cancellationToken)
    {
        var key = ObjectKey.Of(live);
        for (var attempt = 0; OwnershipMigration.PatchFor(live) is { } patch; attempt++)
        {
            try
            {
                await cluster.PatchAsync(key, patch, cancellationToken);
                report($"{key}: was applied with kubectl, and is ours from now on");
                return;
            }
            catch (ClusterException exception) when (exception.Reason == ClusterErrorReason.Conflict && attempt < 5)
            {
                live = (await cluster.GetAsync(
                    ObjectQuery.Of(key) with { ManagedFields = true }, cancellationToken)).FirstOrDefault()
                        ?? [];
            }
        }
    }

    private async Task<IReadOnlyList<ObjectKey>> UnusedAsync(
        IReadOnlyList<InventoryEntry> outdated, CancellationToken cancellationToken)
    {
        if (outdated.Count == 0)
        {
            return [];
        }

        var used = ConfigMapReferences.Of(await cluster.GetAsync(
            ObjectQuery.OfKinds(ConfigMapReferences.Kinds), cancellationToken));
        return [.. outdated.Select(o => o.Key).Where(k => !used.Contains(k.Name))];
    }

    /// <summary>
    /// The inventory shrinks only where nobody else wrote it since we did. Where somebody did, what we deleted stays listed, as
    /// they may have made it again, and what we applied is listed again, as they may have taken it off: too much does no harm.
    /// </summary>
    private static async Task FinishAsync(
        InventoryStore store, Inventory written, bool isChanged, ChangeSet changes, HashSet<ObjectKey> deleted, bool isReady,
        CancellationToken cancellationToken)
    {
        var applied = changes.Apply.Select(ObjectKey.Of).ToHashSet();
        if (deleted.Count > 0 || (isReady && written.Entries.Any(e => e.IsPending && applied.Contains(e.Key))) || isChanged)
        {
            await store.ChangeAsync(
                written,
                now => Done((now.ResourceVersion == written.ResourceVersion ? now.Without(deleted) : now)
                    .Union(changes.Apply.Select(InventoryEntry.Of))),
                cancellationToken);
        }

        Inventory Done(Inventory inventory) => isReady ? inventory.Done(applied) : inventory;
    }

    private static ApplyResult Result(
        ChangeSet changes, ClusterState state, IReadOnlyList<AppliedObject> applied, HashSet<ObjectKey> deleted,
        IReadOnlyList<ObjectKey> skipped, IReadOnlyList<Leftover> leftovers, bool isReady)
    {
        // Not by resourceVersion: controllers write statuses in between.
        var changed = applied.Select(a => a.Object).Where(
            o => state.Find(ObjectKey.Of(o)) is { } was && ComparableObject.Text(was) != ComparableObject.Text(o))
            .Select(ObjectKey.Of).ToHashSet();

        // Who else applies at the same time may have been quicker: the server says whose it is.
        var created = applied.Where(a => a.IsCreated).Select(a => ObjectKey.Of(a.Object)).ToHashSet();
        List<ObjectKey> keys = [.. changes.Apply.Select(ObjectKey.Of)];
        return new(
            [.. keys.Where(created.Contains)],
            [.. keys.Where(changed.Contains)],
            [.. keys.Where(k => !created.Contains(k) && !changed.Contains(k)), .. changes.Finished],
            [.. changes.Pruned.Select(p => p.Key), .. changes.Outdated.Select(o => o.Key).Where(deleted.Contains)],
            [.. changes.Outdated.Select(o => o.Key).Where(k => !deleted.Contains(k))],
            skipped,
            changes.Additions,
            leftovers,
            isReady);
    }
}
