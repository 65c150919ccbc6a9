using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.StatefulSets;

/// <summary>
/// Changes the number of a StatefulSet's members, which hold parts of the data: <see cref="MemberCommands"/> says what each
/// command does. An annotation of <see cref="Transition"/> says that a change is under way; the wanted set, applied last, has
/// none. Every step looks at what is there and may be repeated, so an
/// interrupted change is finished by the next apply, also by one that wants another number.
/// </summary>
internal sealed class MemberScaling(
    IClusterClient cluster, StatefulSetMembers wanted, MemberCommands commands, int count, int existing, Action<string> report,
    TimeProvider time)
{
    private static readonly TimeSpan s_start = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    /// <summary>The StatefulSet until its members are rearranged: nobody leaves, and nobody is rolled while data moves.</summary>
    public YamlMap Transition => wanted.With(Math.Max(existing, count), existing);

    private IEnumerable<int> Staying => Enumerable.Range(0, count);

    private IEnumerable<int> Leaving => Enumerable.Range(count, Math.Max(0, existing - count));

    /// <summary>
    /// After <see cref="Transition"/> was applied: rearranges the members and ends with the wanted StatefulSet.
    /// </summary>
    /// <exception cref="DeployException">A step failed. The data is safe, and applying again goes on.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        report(existing == count
            ? $"{wanted.Key}: rearranging its {count} members"
            : $"{wanted.Key}: from {existing} to {count} members");
        await StartedAsync([.. Staying, .. Leaving], cancellationToken);
        await EveryAsync([.. Staying, .. Leaving], commands.Lock, cancellationToken);
        await DoAsync(0, commands.Rearrange, cancellationToken);
        if (Leaving.Any())
        {
            await EveryAsync([.. Leaving], commands.Retire, cancellationToken);
            await DoAsync(0, commands.Forget, cancellationToken);
            await ApplyAsync(wanted.With(count, count), cancellationToken);
            await GoneAsync(cancellationToken);
        }

        await EveryAsync([.. Staying], commands.Unlock, cancellationToken);
        await ApplyAsync(wanted.Object, cancellationToken);
        await TellClaimsAsync(cancellationToken);
    }

    private Task ApplyAsync(YamlMap statefulSet, CancellationToken cancellationToken) =>
        cluster.ApplyAsync([statefulSet], new(), cancellationToken);

    /// <summary>
    /// Commands can run in all of them. Whether they are ready is the rearrangement's business: an interrupted one leaves some
    /// that are not.
    /// </summary>
    private Task StartedAsync(IReadOnlyList<int> members, CancellationToken cancellationToken) => UntilAsync(
        pods =>
        {
            var started = pods.Where(IsStarted).Select(p => p.Map("metadata")!.Text("name")).ToHashSet();
            return [.. members.Select(wanted.Pod).Where(p => !started.Contains(p))];
        },
        "have not started",
        cancellationToken);

    private Task GoneAsync(CancellationToken cancellationToken) => UntilAsync(
        pods =>
        {
            var there = pods.Select(p => p.Map("metadata")!.Text("name")).ToHashSet();
            return [.. Leaving.Select(wanted.Pod).Where(there.Contains)];
        },
        "have not ended",
        cancellationToken);

    private async Task UntilAsync(
        Func<IReadOnlyList<YamlMap>, IReadOnlyList<string>> lacking, string state, CancellationToken cancellationToken)
    {
        var begin = time.GetTimestamp();
        await using var view = new ClusterView(cluster, time);
        await view.OpenAsync(ObjectQuery.OfKinds(ResourceKind.Pod) with
        {
            Selector = wanted.Selector,
            Interrupted = report,
        }, cancellationToken);
        for (var isFollowed = false; ; isFollowed = true)
        {
            var waitedFor = lacking([.. view.Snapshot().Objects.Select(o => o.Map)]);
            if (waitedFor.Count == 0)
            {
                return;
            }

            if (time.GetElapsedTime(begin) > s_start)
            {
                throw Interrupted(
                    $"{string.Join(", ", waitedFor)} {state} within {s_start.TotalMinutes} minutes; `status` says why");
            }

            if (!isFollowed)
            {
                view.Follow();
            }

            await view.ChangedAsync(s_look, cancellationToken);
        }
    }

    private bool IsStarted(YamlMap pod) => pod.Map("metadata")!.Text("deletionTimestamp") is null
        && (pod.Map("status")?.List("containerStatuses") ?? []).Cast<YamlMap>()
            .Any(c => c.Text("name") == wanted.Container && c.Text("started") == "true"
            && c.Map("state")?.Map("running") is not null);

    private Task EveryAsync(IReadOnlyList<int> members, IReadOnlyList<string> command, CancellationToken cancellationToken) =>
        Task.WhenAll(members.Select(m => DoAsync(m, command, cancellationToken)));

    private async Task DoAsync(int member, IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        var pod = wanted.Pod(member);
        var result = await cluster.ExecAsync(
            new(pod, wanted.Container, command) { Line = line => report($"{pod}: {line}") }, cancellationToken);
        if (result.ExitCode != 0)
        {
            var told = result.Error.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .FirstOrDefault();
            throw Interrupted(
                $"`{string.Join(' ', command)}` ended with {result.ExitCode} in {pod}{(told is null ? "" : $": {told}")}");
        }
    }

    private async Task TellClaimsAsync(CancellationToken cancellationToken)
    {
        if (!Leaving.Any())
        {
            return;
        }

        var prefixes = ImmutableFields.Sizes(wanted).Keys.Select(t => $"{t}-").ToList();
        var claims = await cluster.GetAsync(ObjectQuery.OfKinds(ResourceKind.PersistentVolumeClaim), cancellationToken);
        List<string> left =
        [
            .. claims.Select(c => c.Map("metadata")!.Text("name")!).Where(c => prefixes.Any(p => wanted.Ordinal(c, p) >= count))
                .Order(StringComparer.Ordinal),
        ];
        if (left.Count > 0)
        {
            report($"{wanted.Key}: the volumes of the members that left hold nothing any more and are kept; to remove them: " +
                $"kubectl -n {cluster.Target.Namespace} delete pvc {string.Join(' ', left)}");
        }
    }

    private DeployException Interrupted(string why) =>
        new($"StatefulSet '{wanted.Name}': its change to {count} members is not finished: {why}. The data is safe; apply " +
        "again to go on.");
}
