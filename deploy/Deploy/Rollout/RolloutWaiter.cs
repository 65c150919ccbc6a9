using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Rollout;

/// <summary>Waits until what was applied works, showing how far it is: the cluster's changes are watched.</summary>
internal sealed class RolloutWaiter(IClusterClient cluster, IRolloutView view, TimeProvider time)
{
    /// <param name="objects">The rendered objects that were applied; those that run nothing are passed over.</param>
    /// <param name="cancellationToken">Ends the wait; what was applied stays.</param>
    public async Task<RolloutResult> WaitAsync(
        IReadOnlyList<YamlMap> objects, RolloutOptions options, CancellationToken cancellationToken)
    {
        var targets = RolloutTargets.Of(objects);
        if (targets.Targets.Count == 0)
        {
            return new(RolloutOutcome.Ready, new([]), TimeSpan.Zero, null);
        }

        var started = time.GetTimestamp();
        if (options.Seen is { } seen && await ReadyAsync(targets, seen, cancellationToken) is { } ready)
        {
            return new(RolloutOutcome.Ready, ready, time.GetElapsedTime(started), null);
        }

        await using var live = new ClusterView(cluster, time);
        try
        {
            var (outcome, tree, snapshot) = await WatchAsync(live, targets, options, started, cancellationToken);
            var failure = outcome == RolloutOutcome.Ready
                ? null
                : await FailureReading.ReadAsync(cluster, targets, tree, snapshot, cancellationToken);
            return new(outcome, tree, time.GetElapsedTime(started), failure);
        }
        finally
        {
            view.End();
        }
    }

    /// <summary>Reads the pods and returns the state if every resource is ready; otherwise null.</summary>
    private async Task<RolloutTree?> ReadyAsync(
        RolloutTargets targets, IReadOnlyList<YamlMap> seen, CancellationToken cancellationToken)
    {
        var pods = await cluster.GetAsync(ObjectQuery.OfKinds(ResourceKind.Pod, ResourceKind.ReplicaSet), cancellationToken);
        var tree = RolloutReading.Read(targets, ClusterSnapshot.Of(
            [.. seen.Where(s => s.Text("kind") is not ("Pod" or "ReplicaSet")), .. pods], time.GetUtcNow()));
        return tree.IsReady ? tree : null;
    }

    private async Task<(RolloutOutcome Outcome, RolloutTree Tree, ClusterSnapshot Snapshot)> WatchAsync(
        ClusterView live, RolloutTargets targets, RolloutOptions options, long started, CancellationToken cancellationToken)
    {
        await targets.OpenAsync(live, view.Report, cancellationToken);
        var judgement = RolloutJudgement.Start;
        var isFollowed = false;
        while (true)
        {
            var snapshot = live.Snapshot();
            var tree = RolloutReading.Read(targets, snapshot);
            var elapsed = time.GetElapsedTime(started);
            view.Show(tree, elapsed);
            judgement = judgement.After(tree, time.GetUtcNow(), options.InterventionTimeout);
            if ((judgement.Outcome ?? (elapsed >= options.Timeout ? RolloutOutcome.TimedOut : null)) is { } outcome
                && (isFollowed || outcome == RolloutOutcome.Ready))
            {
                return (outcome, tree, snapshot);
            }

            if (!isFollowed)
            {
                // Events are many, and say little about what works: they are read only where something doesn't.
                await targets.OpenEventsAsync(live, cancellationToken);
                live.Follow();
                isFollowed = true;
                continue;
            }

            var left = options.Timeout - time.GetElapsedTime(started);
            await live.ChangedAsync(left < options.Interval
                ? TimeSpan.FromTicks(Math.Max(0, left.Ticks))
                : options.Interval, cancellationToken);
        }
    }
}

/// <summary>
/// Whether to go on waiting. What the cluster gave up on ends it at once; what requires intervention ends it when it has stood
/// still for long enough, unless something that it calls isn't ready either.
/// </summary>
/// <param name="Outcome">How it ended; null: it goes on.</param>
/// <param name="Since">Since when resources need somebody, by kind and name.</param>
internal sealed record RolloutJudgement(RolloutOutcome? Outcome, IReadOnlyDictionary<string, DateTimeOffset> Since)
{
    /// <summary>Nothing seen yet.</summary>
    public static readonly RolloutJudgement Start = new(null, new Dictionary<string, DateTimeOffset>());

    /// <summary>The judgement after another look.</summary>
    public RolloutJudgement After(RolloutTree tree, DateTimeOffset now, TimeSpan interventionTimeout)
    {
        var since = tree.Resources.Where(r => r is { IsReady: false, RequiresIntervention: true, WaitsFor.Count: 0 })
            .Select(r => $"{r.Kind}/{r.Name}")
            .ToDictionary(k => k, k => Since.GetValueOrDefault(k, now));
        return new(Judge(tree, since.Values, now - interventionTimeout), since);
    }

    private static RolloutOutcome? Judge(RolloutTree tree, IEnumerable<DateTimeOffset> needing, DateTimeOffset earliest) =>
        tree.IsReady ? RolloutOutcome.Ready
        : tree.Resources.Any(r => r.State == RolloutState.Failed) || needing.Any(n => n <= earliest) ? RolloutOutcome.Failed
        : null;
}
