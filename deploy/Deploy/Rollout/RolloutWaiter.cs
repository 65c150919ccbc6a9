using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Rollout;

/// <summary>Waits until what was applied works, showing how far it is.</summary>
public sealed class RolloutWaiter(IKubectl kubectl, IRolloutView view, TimeProvider time)
{
    /// <summary>Waits.</summary>
    /// <param name="objects">The rendered objects that were applied; those that run nothing are passed over.</param>
    /// <param name="options">How long.</param>
    /// <param name="cancellationToken">Ends the wait; what was applied stays.</param>
    public async Task<RolloutResult> WaitAsync(IReadOnlyList<YamlMap> objects, RolloutOptions options, CancellationToken cancellationToken)
    {
        var targets = RolloutTargets.Of(objects);
        if (targets.Targets.Count == 0)
        {
            return new(RolloutOutcome.Ready, new([]), TimeSpan.Zero, null);
        }

        var started = time.GetTimestamp();
        try
        {
            var (outcome, tree, snapshot) = await WatchAsync(targets, options, started, cancellationToken).ConfigureAwait(false);
            var failure = outcome == RolloutOutcome.Ready ? null : await FailureReading.ReadAsync(kubectl, tree, snapshot, cancellationToken).ConfigureAwait(false);
            return new(outcome, tree, time.GetElapsedTime(started), failure);
        }
        finally
        {
            view.End();
        }
    }

    private async Task<(RolloutOutcome Outcome, RolloutTree Tree, ClusterSnapshot Snapshot)> WatchAsync(
        RolloutTargets targets, RolloutOptions options, long started, CancellationToken cancellationToken)
    {
        var reader = new SnapshotReader(kubectl, targets);
        var judgement = RolloutJudgement.Start;
        while (true)
        {
            var looked = time.GetTimestamp();
            var snapshot = await LookAsync(reader, options, cancellationToken).ConfigureAwait(false);
            var tree = RolloutReading.Read(targets, snapshot);
            var elapsed = time.GetElapsedTime(started);
            view.Show(tree, elapsed);
            judgement = judgement.After(tree, time.GetUtcNow(), options.Patience);
            if ((judgement.Outcome ?? (elapsed >= options.Timeout ? RolloutOutcome.TimedOut : null)) is { } outcome)
            {
                return (outcome, tree, snapshot);
            }

            var took = time.GetElapsedTime(looked);
            var pause = took > options.Interval ? took : options.Interval;
            var left = options.Timeout - time.GetElapsedTime(started);
            await Task.Delay(left < pause ? TimeSpan.FromTicks(Math.Max(0, left.Ticks)) : pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A cluster that is away for a moment, such as while its API server restarts, does not end the wait.</summary>
    private async Task<ClusterSnapshot> LookAsync(SnapshotReader reader, RolloutOptions options, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await reader.ReadForWaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (KubectlException exception) when (exception.Fault is KubectlFault.Unreachable or KubectlFault.Timeout && time.GetElapsedTime(started) < options.Patience)
            {
                view.Say(exception.Message);
                await Task.Delay(options.Interval, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
