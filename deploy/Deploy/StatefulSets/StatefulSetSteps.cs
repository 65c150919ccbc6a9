using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.StatefulSets;

/// <summary>
/// Immutable fields: the set is deleted without its pods and made again, after the claims of its volumes have grown. Members that
/// hold parts of the data (<see cref="MemberCommands"/>): the set is applied with as many members as there are or will be,
/// whichever is more, and <see cref="MemberScaling"/> does the rest.
/// </summary>
/// <param name="report">Told what happens, a line each.</param>
internal sealed class StatefulSetSteps(IClusterClient cluster, Action<string> report, TimeProvider time)
{
    private readonly Dictionary<ObjectKey, MemberScaling> _begun = [];

    /// <summary>
    /// Before anything is applied; the inventory lists the set already. Throws before it has changed anything where it cannot be
    /// done. To be called for every set, also for one that would not change: an interrupted step may have left more to do than
    /// the set shows.
    /// </summary>
    /// <returns>What is applied in its place, such as with the number of members that it has now.</returns>
    public async Task<YamlMap> BeforeApplyAsync(YamlMap? existing, YamlMap set, CancellationToken cancellationToken)
    {
        var wanted = new StatefulSetMembers(set);
        var live = existing is null ? null : new StatefulSetMembers(existing);
        if (live is not null)
        {
            await GrowAsync(wanted, live, cancellationToken);
        }

        var scaling = await ScalingAsync(wanted, live, cancellationToken);
        var applied = scaling?.Transition ?? set;
        string[] recreated = live is null ? [] : [.. ImmutableFields.Recreatable(wanted, live)];
        if (recreated.Length > 0)
        {
            report($"{wanted.Key}: making it again without touching its pods, for {string.Join(" and ", recreated)}");
            await cluster.DeleteAsync([wanted.Key], new() { Orphan = true, Wait = true }, cancellationToken);
        }

        if (recreated.Length > 0 || (live is null && scaling is not null))
        {
            // At once: without the set, nobody replaces a pod that dies.
            await cluster.ApplyAsync([applied], new(), cancellationToken);
        }

        if (scaling is not null)
        {
            _begun[wanted.Key] = scaling;
        }

        return applied;
    }

    /// <summary>
    /// After everything was applied and before it is waited for: members whose roles are being changed may not be ready until
    /// this has finished. Ends with the set as it is wanted.
    /// </summary>
    public Task AfterApplyAsync(YamlMap set, CancellationToken cancellationToken) =>
        _begun.TryGetValue(ObjectKey.Of(set), out var scaling) ? scaling.RunAsync(cancellationToken) : Task.CompletedTask;

    private async Task GrowAsync(StatefulSetMembers wanted, StatefulSetMembers live, CancellationToken cancellationToken)
    {
        List<string> refusals = [.. ImmutableFields.Refused(wanted, live).Select(field =>
            $"StatefulSet '{wanted.Name}': {field} cannot change while its pods run. Delete it, keeping its volumes, and " +
            "apply again.")];
        var growth = new VolumeGrowth(cluster);
        var claims = await growth.FindAsync(wanted, live, refusals, cancellationToken);
        if (refusals.Count > 0)
        {
            throw new DeployException(string.Join('\n', refusals));
        }

        foreach (var (claim, size) in claims)
        {
            report($"{claim}: growing to {size}");
        }

        await growth.GrowAsync(claims, cancellationToken);
    }

    /// <summary>The change of the number of members that one needs, or null. The first start needs none.</summary>
    private async Task<MemberScaling?> ScalingAsync(
        StatefulSetMembers wanted, StatefulSetMembers? live, CancellationToken cancellationToken)
    {
        if (wanted.Commands is not { } commands || wanted.Count is not { } count)
        {
            return null;
        }

        if (live is null)
        {
            // Between being deleted and made again: as many pods as there are is what it has.
            var pods = await cluster.GetAsync(
                ObjectQuery.OfKinds(ResourceKind.Pod) with { Selector = wanted.Selector }, cancellationToken);
            var left = pods.Where(p => p.Map("metadata")!.Text("deletionTimestamp") is null)
                .Select(p => wanted.Ordinal(p.Map("metadata")!.Text("name")!) + 1 ?? 0).DefaultIfEmpty().Max();
            return left > 0 ? new(cluster, wanted, commands, count, left, report, time) : null;
        }

        var isSame = live.Count == count && live.Commands?.Rearrange.SequenceEqual(commands.Rearrange) == true;
        return isSame && !live.IsScaling ? null : new(cluster, wanted, commands, count, live.Count ?? count, report, time);
    }
}
