using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.StatefulSets;

/// <summary>
/// Immutable fields: the set is deleted without its pods and made again, after the claims of its volumes have grown. Members that
/// hold parts of the data (<see cref="MemberCommands"/>): the set is applied with as many members as there are or will be,
/// whichever is more, and <see cref="MemberScaling"/> does the rest.
/// </summary>
/// <param name="cluster">The cluster.</param>
/// <param name="report">Told what happens, a line each.</param>
/// <param name="time">The clock; null: the system's.</param>
internal sealed class StatefulSetSteps(IClusterClient cluster, Action<string> report, TimeProvider? time = null)
    : IStatefulSetSteps
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Dictionary<ObjectKey, MemberScaling> _begun = [];

    /// <inheritdoc/>
    public async Task<YamlMap> BeforeApplyAsync(StatefulSetChange change, CancellationToken cancellationToken)
    {
        var wanted = new Members(change.Wanted);
        var live = change.Live is null ? null : new Members(change.Live);
        if (live is not null)
        {
            await GrowAsync(wanted, live, cancellationToken).ConfigureAwait(false);
        }

        var scaling = await ScalingAsync(wanted, live, cancellationToken).ConfigureAwait(false);
        var applied = scaling?.Transition ?? change.Wanted;
        string[] recreated = live is null ? [] : [.. ImmutableFields.Recreatable(wanted, live)];
        if (recreated.Length > 0)
        {
            report($"{wanted.Key}: making it again without touching its pods, for {string.Join(" and ", recreated)}");
            await cluster.DeleteAsync(
                [wanted.Key], new() { Orphan = true, Wait = true }, cancellationToken).ConfigureAwait(false);
        }

        if (recreated.Length > 0 || (live is null && scaling is not null))
        {
            // At once: without the set, nobody replaces a pod that dies.
            await cluster.ApplyAsync([applied], new(), cancellationToken).ConfigureAwait(false);
        }

        if (scaling is not null)
        {
            _begun[wanted.Key] = scaling;
        }

        return applied;
    }

    /// <inheritdoc/>
    public Task AfterApplyAsync(StatefulSetChange change, CancellationToken cancellationToken) =>
        _begun.TryGetValue(ObjectKey.Of(change.Wanted), out var scaling)
        ? scaling.RunAsync(cancellationToken)
        : Task.CompletedTask;

    private async Task GrowAsync(Members wanted, Members live, CancellationToken cancellationToken)
    {
        List<string> refusals = [.. ImmutableFields.Refused(wanted, live).Select(field =>
            $"StatefulSet '{wanted.Name}': {field} cannot change while its pods run. Delete it, keeping its volumes, and " +
            "apply again.")];
        var growth = new VolumeGrowth(cluster);
        var claims = await growth.FindAsync(wanted, live, refusals, cancellationToken).ConfigureAwait(false);
        if (refusals.Count > 0)
        {
            throw new DeployException(string.Join('\n', refusals));
        }

        foreach (var (claim, size) in claims)
        {
            report($"{claim}: growing to {size}");
        }

        await growth.GrowAsync(claims, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The change of the number of members that one needs, or null. The first start needs none.</summary>
    private async Task<MemberScaling?> ScalingAsync(Members wanted, Members? live, CancellationToken cancellationToken)
    {
        if (wanted.Commands is not { } commands || wanted.Count is not { } count)
        {
            return null;
        }

        if (live is null)
        {
            // Between being deleted and made again: as many pods as there are is what it has.
            var pods = await cluster.GetAsync(
                ObjectQuery.OfKinds(ResourceKind.Pod) with { Selector = wanted.Selector },
                cancellationToken).ConfigureAwait(false);
            var left = pods.Where(p => p.Map("metadata")!.Text("deletionTimestamp") is null)
                .Select(p => wanted.Ordinal(p.Map("metadata")!.Text("name")!) + 1 ?? 0).DefaultIfEmpty().Max();
            return left > 0 ? new(cluster, wanted, commands, count, left, report, _time) : null;
        }

        var isSame = live.Count == count && live.Commands?.Rearrange.SequenceEqual(commands.Rearrange) == true;
        return isSame && !live.IsScaling ? null : new(cluster, wanted, commands, count, live.Count ?? count, report, _time);
    }
}
