using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MonoRepo.Hosting;

/// <summary>Where an instance is on its way to being of use.</summary>
internal enum Progress
{
    /// <summary>Not yet.</summary>
    Pending,

    /// <summary>Healthy, or a job that is done.</summary>
    Ready,

    /// <summary>It will not get there by itself.</summary>
    Failed,

    /// <summary>Nobody expects it to start now.</summary>
    Idle,
}

/// <summary>One instance when the wait ended.</summary>
/// <param name="ReadyAfter">Since the process of the AppHost was started; null: it never was.</param>
internal sealed record InstanceReadiness(ResourceEvent Instance, Progress Progress, TimeSpan? ReadyAfter);

/// <summary>Waits until every resource is healthy, or one has failed.</summary>
internal sealed class Readiness
{
    // A process without health checks counts as ready as soon as it runs; many a crash comes in the moment after.
    private static readonly TimeSpan s_settleTime = TimeSpan.FromSeconds(2);
    private readonly DistributedApplicationModel _model;
    private readonly ResourceNotificationService _notifications;
    private readonly TimeProvider _clock;
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, TimeSpan> _readyAfter = [];
    private readonly DateTimeOffset _processStart = Process.GetCurrentProcess().StartTime;
    private long _lastUnchecked;

    /// <summary>Made before the first resource starts.</summary>
    public Readiness(
        DistributedApplicationModel model, ResourceNotificationService notifications, IDistributedApplicationEventing eventing,
        TimeProvider clock)
    {
        (_model, _notifications, _clock) = (model, notifications, clock);
        eventing.Subscribe<BeforeResourceStartedEvent>((_, _) =>
        {
            _begun.TrySetResult();
            return Task.CompletedTask;
        });
    }

    /// <summary>Whether all were ready or one had failed before the wait was ended.</summary>
    public bool HasVerdict { get; private set; }

    /// <summary>The last states, for what waits for what.</summary>
    public ResourceStates States { get; } = new();

    /// <summary>Returns when all are ready, one has failed, or <paramref name="cancellationToken"/> ends the wait.</summary>
    public async Task<IReadOnlyList<InstanceReadiness>> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Until then resources and annotations are still added to the model.
            await _begun.Task.WaitAsync(cancellationToken);
            while (true)
            {
                var settle = await WaitForVerdictAsync(cancellationToken);
                if (settle <= TimeSpan.Zero)
                {
                    HasVerdict = true;
                    return Read();
                }

                await Task.Delay(settle, _clock, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return _begun.Task.IsCompleted ? Read() : [];
        }
    }

    private async Task<TimeSpan> WaitForVerdictAsync(CancellationToken cancellationToken)
    {
        States.Clear();
        await foreach (var change in _notifications.WatchAsync(cancellationToken))
        {
            States.Add(change);
            if (ProgressOf(change) == Progress.Ready)
            {
                if (_readyAfter.TryAdd(change.ResourceId, _clock.GetUtcNow() - _processStart)
                    && change.Snapshot is { HealthReports.IsEmpty: true, State.Text: "Running" })
                {
                    _lastUnchecked = _clock.GetTimestamp();
                }
            }

            var expected = _model.Resources.Where(IsExpected).ToList();
            var progress = expected.SelectMany(r => States.Of(r)).Select(ProgressOf).ToList();
            if (progress.Contains(Progress.Failed))
            {
                return TimeSpan.Zero;
            }

            if (!progress.Contains(Progress.Pending) && expected.TrueForAll(r => States.Of(r).Count >= r.GetReplicaCount()))
            {
                return _lastUnchecked == 0 ? TimeSpan.Zero : s_settleTime - _clock.GetElapsedTime(_lastUnchecked);
            }
        }

        return TimeSpan.Zero;
    }

    private List<InstanceReadiness> Read() =>
    [
        .. from resource in _model.Resources.Where(IsExpected)
           from instance in States.Of(resource)
           where !instance.Snapshot.IsHidden
           select new InstanceReadiness(
               instance, ProgressOf(instance), _readyAfter.TryGetValue(instance.ResourceId, out var after) ? after : null),
    ];

    // The hidden rebuilder of each project runs when somebody asks for it.
    internal static bool IsExpected(IResource resource) => !resource.HasAnnotationOfType<DeferredStartAnnotation>()
        && !resource.Annotations.OfType<HiddenAnnotation>().Any()
        && !resource.Annotations.OfType<ExplicitStartupAnnotation>().Any();

    internal static Progress ProgressOf(ResourceEvent change)
    {
        var state = change.Snapshot.State?.Text;
        if (change.Snapshot.IsHidden || state == KnownResourceStates.NotStarted)
        {
            return Progress.Idle;
        }

        if (state is null)
        {
            // What nobody runs and nobody speaks for, such as a group in the dashboard.
            return change.Resource is ProjectResource or ExecutableResource or ContainerResource
                || change.Resource.HasAnnotationOfType<HealthCheckAnnotation>() ? Progress.Pending : Progress.Idle;
        }

        if (state == KnownResourceStates.Running)
        {
            return change.Snapshot.HealthStatus == HealthStatus.Healthy ? Progress.Ready : Progress.Pending;
        }

        if (ResourceStates.IsEnded(change) && change.Snapshot.ExitCode == 0)
        {
            return Progress.Ready;
        }

        var isLost = ResourceStates.IsEnded(change) || state == KnownResourceStates.ValueMissing
            || state == KnownResourceStates.RuntimeUnhealthy
            || change.Snapshot.State!.Style == KnownResourceStateStyles.Error;
        return !isLost || (change.Snapshot.ExitCode is not null && change.Resource.HasAnnotationOfType<RestartPolicyAnnotation>())
            ? Progress.Pending : Progress.Failed;
    }
}
