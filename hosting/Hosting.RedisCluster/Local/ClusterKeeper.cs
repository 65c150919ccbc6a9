using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MonoRepo.Hosting.RedisCluster.Topology;

namespace MonoRepo.Hosting.RedisCluster.Local;

/// <summary>
/// Brings a local cluster up and keeps it whole: joins the members once they run, takes back those that return, and
/// replaces a dead master where the server does not.
/// </summary>
/// <param name="cluster">The cluster.</param>
/// <param name="takesOver">Whether the server needs us to replace a dead master.</param>
internal sealed partial class ClusterKeeper(RedisClusterResource cluster, bool takesOver)
{
    private static readonly TimeSpan JoinInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan KeepInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MasterPatience = TimeSpan.FromSeconds(3);
    private readonly TaskCompletionSource serving = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when all members serve as one cluster for the first time.</summary>
    public Task Serving => serving.Task;

    /// <summary>The whole life of the cluster, from the moment when the application has started until it stops. Throws nothing.</summary>
    public async Task RunAsync(InitializeResourceEvent started, CancellationToken stopping)
    {
        try
        {
            await StartAsync(started, stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            Log.Failed(started.Logger, e);
            await started.Notifications.PublishUpdateAsync(cluster, s => s with { State = KnownResourceStates.FailedToStart }).ConfigureAwait(false);
        }
    }

    private async Task StartAsync(InitializeResourceEvent started, CancellationToken cancellationToken)
    {
        var clock = started.Services.GetService<TimeProvider>() ?? TimeProvider.System;
        await started.Notifications.PublishUpdateAsync(cluster, s => s with { State = KnownResourceStates.Starting }).ConfigureAwait(false);
        await started.Eventing.PublishAsync(new BeforeResourceStartedEvent(cluster, started.Services), cancellationToken).ConfigureAwait(false);

        // Until every member runs, or has ended trying.
        var states = await Task.WhenAll(cluster.Members.Select(m => started.Notifications.WaitForResourceAsync(
            m.Name, [KnownResourceStates.Running, .. KnownResourceStates.TerminalStates], cancellationToken))).ConfigureAwait(false);
        await started.Eventing.PublishAsync(new ConnectionStringAvailableEvent(cluster, started.Services), cancellationToken).ConfigureAwait(false);
        var failed = cluster.Members.Zip(states).Where(m => m.Second != KnownResourceStates.Running).Select(m => m.First.Name).ToList();
        if (failed.Count == 0)
        {
            await PublishRunningAsync(started, clock).ConfigureAwait(false);
        }
        else
        {
            // Nobody waits for it in vain. Members can still be started by hand, so it is not given up.
            Log.MembersFailed(started.Logger, string.Join(", ", failed));
            await started.Notifications.PublishUpdateAsync(cluster, s => s with { State = KnownResourceStates.FailedToStart }).ConfigureAwait(false);
        }

        var members = await ClusterMembers.OfAsync(cluster, cancellationToken).ConfigureAwait(false);
        await KeepAsync(members, started, clock, cancellationToken).ConfigureAwait(false);
    }

    private async Task KeepAsync(
        IReadOnlyList<ClusterMember> members, InitializeResourceEvent started, TimeProvider clock, CancellationToken cancellationToken)
    {
        var takeover = new ClusterTakeover(MasterPatience, clock);
        var start = clock.GetTimestamp();
        while (true)
        {
            var isComplete = await ClusterJoin.TryAsync(members, cluster.Shards, clock, cancellationToken).ConfigureAwait(false);
            if (isComplete && !Serving.IsCompleted && await ServesAsync(members, clock, cancellationToken).ConfigureAwait(false))
            {
                serving.SetResult();
                await PublishRunningAsync(started, clock).ConfigureAwait(false);
                Log.Serving(started.Logger, members.Count, clock.GetElapsedTime(start).TotalSeconds);
            }

            if (takesOver)
            {
                foreach (var master in await takeover.TryAsync(members, cancellationToken).ConfigureAwait(false))
                {
                    Log.TookOver(started.Logger, master.Name);
                }
            }

            await Task.Delay(Serving.IsCompleted ? KeepInterval : JoinInterval, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task PublishRunningAsync(InitializeResourceEvent started, TimeProvider clock) =>
        started.Notifications.PublishUpdateAsync(cluster, s => s.State?.Text == KnownResourceStates.Running
            ? s
            : s with { State = KnownResourceStates.Running, StartTimeStamp = clock.GetUtcNow().UtcDateTime });

    private static async Task<bool> ServesAsync(IReadOnlyList<ClusterMember> members, TimeProvider clock, CancellationToken cancellationToken) =>
        (await ClusterInspection.FaultsAsync(members, clock, cancellationToken).ConfigureAwait(false)).Count == 0;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Members} members serve as one cluster, {Seconds:0.0} s after the last had started.")]
        public static partial void Serving(ILogger logger, int members, double seconds);

        [LoggerMessage(2, LogLevel.Warning, "'{Member}' has taken the place of its master, which was away too long.")]
        public static partial void TookOver(ILogger logger, string member);

        [LoggerMessage(4, LogLevel.Error, "These members did not start; their logs say why: {Members}")]
        public static partial void MembersFailed(ILogger logger, string members);

        [LoggerMessage(3, LogLevel.Error, "The cluster is no longer looked after.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
