using System.Net;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MonoRepo.Hosting.RedisCluster.Topology;

namespace MonoRepo.Hosting.RedisCluster.Local;

/// <summary>
/// Brings a local cluster up and keeps it whole: joins the members once they run, takes back those that return, and
/// replaces a dead master where the server does not.
/// </summary>
/// <param name="takesOver">Whether the server needs us to replace a dead master.</param>
internal sealed partial class ClusterKeeper(RedisClusterResource cluster, bool takesOver)
{
    private static readonly TimeSpan s_joinInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_keepInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_masterTimeout = TimeSpan.FromSeconds(3);
    private readonly TaskCompletionSource<RedisClusterClient> _client = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _serving = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The connections to the members, once all have been started.</summary>
    public Task<RedisClusterClient> Client => _client.Task;

    /// <summary>Ends when all members serve as one cluster for the first time.</summary>
    public Task Serving => _serving.Task;

    /// <summary>
    /// The whole life of the cluster, from the moment when the application has started until it stops. Throws nothing.
    /// </summary>
    public async Task RunAsync(InitializeResourceEvent started, CancellationToken stopping)
    {
        try
        {
            await PublishStateAsync(started, KnownResourceStates.Starting);
            await started.Eventing.PublishAsync(new BeforeResourceStartedEvent(cluster, started.Services), stopping);

            // Aspire's orchestrator publishes it for what it starts itself; without it no reference to the cluster is ever
            // resolved.
            await Task.WhenAll(
                started.Eventing.PublishAsync(new ConnectionStringAvailableEvent(cluster, started.Services), stopping),
                KeepAsync(started, stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            Log.Failed(started.Logger, e);
            await PublishStateAsync(started, KnownResourceStates.FailedToStart);
        }
    }

    private async Task KeepAsync(InitializeResourceEvent started, CancellationToken stopping)
    {
        await WaitForMembersAsync(started, stopping);
        var password = await cluster.PasswordParameter.GetValueAsync(stopping);
        await using var client = await RedisClusterClient.ConnectAsync(
            [.. cluster.Members.Select(m => new ClusterMember(m.Name, new(IPAddress.Loopback, RedisClusterResource.PortOf(m))))],
            password,
            stopping);
        _client.SetResult(client);

        var clock = started.Services.GetService<TimeProvider>() ?? TimeProvider.System;
        var takeover = new ClusterTakeover(client, s_masterTimeout, clock);
        var start = clock.GetTimestamp();
        for (var wasComplete = true; ;)
        {
            var isComplete = await ClusterJoin.TryAsync(client, cluster.Shards);
            if (Serving.IsCompleted && isComplete != wasComplete)
            {
                wasComplete = isComplete;
                await CheckHealthAsync(started);
            }

            if (isComplete && !Serving.IsCompleted && (await ClusterInspection.FindProblemsAsync(client)).Count == 0)
            {
                _serving.SetResult();
                await PublishStateAsync(started, KnownResourceStates.Running);
                Log.Serving(started.Logger, client.Members.Count, clock.GetElapsedTime(start).TotalSeconds);
            }

            if (takesOver)
            {
                foreach (var master in await takeover.TryAsync())
                {
                    Log.TookOver(started.Logger, master.Name);
                }
            }

            await Task.Delay(Serving.IsCompleted ? s_keepInterval : s_joinInterval, clock, stopping);
        }
    }

    /// <summary>Waits until every member runs, or has ended trying.</summary>
    private async Task WaitForMembersAsync(InitializeResourceEvent started, CancellationToken cancellationToken)
    {
        var states = await Task.WhenAll(cluster.Members.Select(m => started.Notifications.WaitForResourceAsync(
            m.Name, [KnownResourceStates.Running, .. KnownResourceStates.TerminalStates], cancellationToken)));
        var failed = cluster.Members.Zip(states).Where(m => m.Second != KnownResourceStates.Running).Select(m => m.First.Name)
            .ToList();
        if (failed.Count == 0)
        {
            await PublishStateAsync(started, KnownResourceStates.Running);
        }
        else
        {
            // Nobody waits for it in vain. Members can still be started by hand, so it is not given up.
            Log.MembersFailed(started.Logger, string.Join(", ", failed));
            await PublishStateAsync(started, KnownResourceStates.FailedToStart);
        }
    }

    private Task PublishStateAsync(InitializeResourceEvent started, string state) =>
        started.Notifications.PublishUpdateAsync(cluster, s => s.State?.Text == state
            ? s
            : s with
            {
                State = state,
                StartTimeStamp = state == KnownResourceStates.Running ? DateTime.UtcNow : s.StartTimeStamp,
            });

    /// <summary>Aspire looks again at what was healthy after 30 s, and at once when its state changes.</summary>
    private async Task CheckHealthAsync(InitializeResourceEvent started)
    {
        await started.Notifications.PublishUpdateAsync(cluster, s => s with { State = "Checking" });
        await started.Notifications.PublishUpdateAsync(cluster, s => s with { State = KnownResourceStates.Running });
    }

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Information, "{Members} members serve as one cluster, {Seconds:0.0} s after the last had started.")]
        public static partial void Serving(ILogger logger, int members, double seconds);

        [LoggerMessage(2, LogLevel.Warning, "'{Member}' has taken the place of its master, which was away too long.")]
        public static partial void TookOver(ILogger logger, string member);

        [LoggerMessage(3, LogLevel.Error, "The cluster is no longer looked after.")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(4, LogLevel.Error, "These members did not start; their logs say why: {Members}")]
        public static partial void MembersFailed(ILogger logger, string members);
    }
}
