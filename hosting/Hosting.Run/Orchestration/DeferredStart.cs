using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting.Run.Dcp.Lowering;
using MonoRepo.Hosting.Run.Readiness;

namespace MonoRepo.Hosting.Run.Orchestration;

/// <summary>Starts what only watches the others, once those are ready: it takes no processor time from their start.</summary>
internal sealed class DeferredStart(
    DistributedApplicationModel model, InstanceTable instances, InstanceController controller, ResourceNotificationService notifications, TimeProvider clock)
{
    /// <summary>Who asked only whether all gets healthy has gone by then.</summary>
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var deferred = instances.Resources.Where(resource => resource.Annotations.OfType<DeferredStartAnnotation>().Any()).ToList();
        if (deferred.Count == 0)
        {
            return;
        }

        await new ReadinessWait(model, notifications, clock).WaitAsync(cancellationToken).ConfigureAwait(false);
        await Task.Delay(_pause, clock, cancellationToken).ConfigureAwait(false);
        await Task.WhenAll(deferred.Where(IsNotStarted).Select(resource => controller.StartAllAsync(resource, instances.Of(resource), cancellationToken)))
            .ConfigureAwait(false);
    }

    /// <summary>Somebody may have started it by hand.</summary>
    private bool IsNotStarted(IResource resource) => instances.Of(resource).All(instance =>
        !notifications.TryGetCurrentState(instance.Name, out var current) || current.Snapshot.State?.Text == KnownResourceStates.NotStarted);
}
