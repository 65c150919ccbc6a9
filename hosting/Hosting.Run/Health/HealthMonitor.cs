using System.Collections.Concurrent;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MonoRepo.Hosting.Run.Health;

/// <summary>Runs the health checks of every resource that runs, and says once when a resource has become ready.</summary>
internal sealed partial class HealthMonitor(
    ResourceNotificationService notifications,
    HealthCheckService checks,
    IDistributedApplicationEventing eventing,
    IServiceProvider services,
    TimeProvider clock,
    ILogger<HealthMonitor> logger) : BackgroundService
{
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _running = new(StringComparer.OrdinalIgnoreCase);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var change in notifications.WatchAsync(stoppingToken).ConfigureAwait(false))
            {
                OnChange(change, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>One loop for a resource, however many replicas it has: from the first that runs until none does.</summary>
    private void OnChange(ResourceEvent change, CancellationToken stoppingToken)
    {
        var name = change.Resource.Name;
        if (change.Snapshot.State?.Text == KnownResourceStates.Running)
        {
            if (!_running.ContainsKey(name))
            {
                var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                _running[name] = ending;
                _ = Task.Run(() => MonitorAsync(change.Resource, KeysOf(change.Snapshot), ending.Token), CancellationToken.None);
            }
        }
        else if (!RunsAnyInstance(change.Resource) && _running.TryRemove(name, out var ending))
        {
            ending.Cancel();
            ending.Dispose();
        }
    }

    /// <summary>Every check of the resource and its parents has a report, be it an empty one.</summary>
    private static HashSet<string> KeysOf(CustomResourceSnapshot snapshot) =>
        snapshot.HealthReports.Select(report => report.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);

    private bool RunsAnyInstance(IResource resource) => resource.GetInstanceNames().Any(name =>
        notifications.TryGetCurrentState(name, out var current) && current.Snapshot.State?.Text == KnownResourceStates.Running);

    private async Task MonitorAsync(IResource resource, HashSet<string> keys, CancellationToken cancellationToken)
    {
        try
        {
            var pace = new HealthPace();
            var isReady = false;
            while (true)
            {
                var status = keys.Count == 0 ? HealthStatus.Healthy : await CheckAsync(resource, keys, cancellationToken).ConfigureAwait(false);
                if (status == HealthStatus.Healthy && !isReady)
                {
                    isReady = true;
                    await PublishReadyAsync(resource, cancellationToken).ConfigureAwait(false);
                }

                await PublishReadyToLateReplicasAsync(resource, isReady).ConfigureAwait(false);
                await WaitAsync(resource, keys.Count == 0 ? Timeout.InfiniteTimeSpan : pace.Next(status), cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception e)
        {
            Log.Failed(logger, e, resource.Name);
        }
    }

    private async Task<HealthStatus> CheckAsync(IResource resource, HashSet<string> keys, CancellationToken cancellationToken)
    {
        var report = await ReportAsync(keys, cancellationToken).ConfigureAwait(false);
        var now = clock.GetUtcNow().UtcDateTime;
        await notifications.PublishUpdateAsync(resource, snapshot => snapshot.State?.Text == KnownResourceStates.Running
            ? snapshot.WithHealthReports(HealthReports.Merge(snapshot.HealthReports, report, now))
            : snapshot).ConfigureAwait(false);
        return report.Status;
    }

    private async Task<HealthReport> ReportAsync(HashSet<string> keys, CancellationToken cancellationToken)
    {
        try
        {
            return await checks.CheckHealthAsync(registration => keys.Contains(registration.Name), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            var entry = new HealthReportEntry(HealthStatus.Unhealthy, "Error calling HealthCheckService.", TimeSpan.Zero, e, null);
            return new HealthReport(keys.ToDictionary(key => key, _ => entry), TimeSpan.Zero);
        }
    }

    private async Task PublishReadyAsync(IResource resource, CancellationToken cancellationToken)
    {
        var handlers = eventing.PublishAsync(new ResourceReadyEvent(resource, services), cancellationToken);
        await notifications.PublishUpdateAsync(resource, snapshot => snapshot.WithReadyHandlers(handlers)).ConfigureAwait(false);
        try
        {
            await handlers.ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.ReadyHandlerFailed(logger, e, resource.Name);
        }
    }

    /// <summary>A replica that was started again finds its resource ready.</summary>
    private async Task PublishReadyToLateReplicasAsync(IResource resource, bool isReady)
    {
        if (isReady)
        {
            await notifications.PublishUpdateAsync(resource, snapshot => snapshot.State?.Text == KnownResourceStates.Running && snapshot.GetReadyHandlers() is null
                ? snapshot.WithReadyHandlers(Task.CompletedTask)
                : snapshot).ConfigureAwait(false);
        }
    }

    /// <summary>Until the next check is due, or the resource changes its state.</summary>
    private async Task WaitAsync(IResource resource, TimeSpan delay, CancellationToken cancellationToken)
    {
        var states = StatesOf(resource);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var changed = notifications.WaitForResourceAsync(resource.Name, _ => StatesOf(resource) != states, ending.Token);
        await Task.WhenAny(Task.Delay(delay, clock, ending.Token), changed).ConfigureAwait(false);
        await ending.CancelAsync().ConfigureAwait(false);
        await ((Task)changed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private string StatesOf(IResource resource) => string.Join(',', resource.GetInstanceNames()
        .Select(name => notifications.TryGetCurrentState(name, out var current) ? current.Snapshot.State?.Text : null));

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The health of '{Resource}' is no longer watched.")]
        public static partial void Failed(ILogger logger, Exception exception, string resource);

        [LoggerMessage(2, LogLevel.Error, "A handler of ResourceReadyEvent of '{Resource}' failed.")]
        public static partial void ReadyHandlerFailed(ILogger logger, Exception exception, string resource);
    }
}
