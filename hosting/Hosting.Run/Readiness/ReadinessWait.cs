using System.Collections.Concurrent;
using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting.Run.Readiness;

/// <summary>Waits until every resource is healthy, or one has failed.</summary>
internal sealed class ReadinessWait(DistributedApplicationModel model, ResourceNotificationService notifications, TimeProvider clock)
{
    private static readonly TimeSpan _settleTime = TimeSpan.FromMilliseconds(500);
    private readonly ConcurrentDictionary<string, TimeSpan> _readyAfter = new();
    private readonly DateTimeOffset _processStart = Process.GetCurrentProcess().StartTime;

    /// <summary>
    /// Returns when all are ready, one has failed, or <paramref name="cancellationToken"/> ends the wait; null when the application
    /// has ended instead.
    /// </summary>
    public async Task<IReadOnlyList<InstanceReadiness>?> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var all = await WaitForVerdictAsync(cancellationToken).ConfigureAwait(false);
                var settle = all.Any(IsFailed) ? TimeSpan.Zero : SettleTime(all);
                if (settle <= TimeSpan.Zero)
                {
                    return all;
                }

                await Task.Delay(settle, clock, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            return cancellationToken.IsCancellationRequested ? Read() : null;
        }
    }

    private async Task<IReadOnlyList<InstanceReadiness>> WaitForVerdictAsync(CancellationToken cancellationToken)
    {
        await foreach (var change in notifications.WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            if (ProgressOf.Instance(change.Resource, change.Snapshot) == Progress.Ready)
            {
                _readyAfter.TryAdd(change.ResourceId, clock.GetUtcNow() - _processStart);
            }

            var all = Read();
            if (all.Exists(IsFailed) || all.TrueForAll(instance => instance.Progress is Progress.Ready or Progress.Idle))
            {
                return all;
            }
        }

        throw new OperationCanceledException();
    }

    /// <summary>A process without health checks counts as ready as soon as it runs; many a crash comes in the moment after.</summary>
    private TimeSpan SettleTime(IReadOnlyList<InstanceReadiness> all)
    {
        var youngest = all
            .Where(instance => instance.Snapshot is { HealthReports.IsEmpty: true, State.Text: "Running", StartTimeStamp: not null })
            .Select(instance => instance.Snapshot!.StartTimeStamp)
            .Max();
        return youngest is { } started ? started + _settleTime - clock.GetUtcNow().UtcDateTime : TimeSpan.Zero;
    }

    private static bool IsFailed(InstanceReadiness instance) => instance.Progress == Progress.Failed;

    private List<InstanceReadiness> Read() =>
    [
        .. from resource in model.Resources
           from name in resource.GetInstanceNames()
           let snapshot = notifications.TryGetCurrentState(name, out var current) ? current.Snapshot : null
           let progress = ProgressOf.Instance(resource, snapshot)
           select new InstanceReadiness(resource, name, snapshot, progress, _readyAfter.TryGetValue(name, out var after) ? after : null),
    ];
}
