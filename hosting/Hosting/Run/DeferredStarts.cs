using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;

namespace MonoRepo.Hosting;

/// <summary>Starts the resources that start after all others.</summary>
internal sealed class DeferredStarts(
    DistributedApplicationModel model, ResourceNotificationService notifications, ResourceCommandService commands,
    IDistributedApplicationEventing eventing, TimeProvider clock) : IRunTask
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

        var readiness = new Readiness(model, notifications, eventing, clock);
        await readiness.WaitAsync(stopping);
        await Task.Delay(s_pause, clock, stopping);

        // Somebody may have started it by hand.
        await Task.WhenAll(deferred.SelectMany(r => readiness.States.Of(r))
            .Where(e => notifications.TryGetCurrentState(e.ResourceId, out var now)
            && now.Snapshot.State?.Text == KnownResourceStates.NotStarted)
            .Select(e => commands.ExecuteCommandAsync(e.ResourceId, KnownResourceCommands.StartCommand, stopping)));
    }
}

/// <summary>Starting what only watches the others, after them.</summary>
internal static class DeferredStartsExtensions
{
    /// <summary>
    /// Starts resources with <see cref="DeferredStartExtensions.WithDeferredStart{T}"/> once all others are ready, or one has
    /// failed: they take no processor time from the start of those.
    /// </summary>
    public static IDistributedApplicationBuilder AddDeferredStarts(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsRunMode)
        {
            builder.Eventing.Subscribe<BeforeStartEvent>((start, _) =>
            {
                foreach (var resource in start.Model.Resources.Where(r => r.HasAnnotationOfType<DeferredStartAnnotation>()))
                {
                    resource.Annotations.Add(new ExplicitStartupAnnotation());
                }

                return Task.CompletedTask;
            });
            builder.AddRunTask<DeferredStarts>();
        }

        return builder;
    }
}
