using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>Starts the resources that start after all others.</summary>
internal sealed class DeferredStarts(
    DistributedApplicationModel model, ResourceNotificationService notifications, ResourceCommandService commands,
    TimeProvider clock) : IRunTask
{
    // Who asked only whether all gets healthy has gone by then.
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    public async Task ExecuteAsync(CancellationToken stopping)
    {
        var deferred = model.Resources.Where(r => r.HasAnnotationOfType<DeferredStartAnnotation>()).ToList();
        if (deferred.Count == 0)
        {
            return;
        }

        var readiness = new Readiness(model, notifications, clock);
        await readiness.WaitAsync(stopping);
        await Task.Delay(s_pause, clock, stopping);

        // Somebody may have started it by hand.
        await Task.WhenAll(deferred.SelectMany(r => readiness.States.Of(r))
            .Where(e => notifications.TryGetCurrentState(e.ResourceId, out var now)
            && now.Snapshot.State?.Text == KnownResourceStates.NotStarted)
            .Select(e => commands.ExecuteCommandAsync(e.ResourceId, KnownResourceCommands.StartCommand, stopping)));
    }
}
