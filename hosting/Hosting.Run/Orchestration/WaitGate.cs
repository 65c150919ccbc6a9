using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace MonoRepo.Hosting.Run.Orchestration;

/// <summary>
/// Holds a resource until what it waits for is ready, or until somebody starts it by command; says now and then on the
/// console what it still waits for.
/// </summary>
internal sealed partial class WaitGate(ResourceNotificationService notifications, TimeProvider clock, ILogger<WaitGate> logger)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    public async Task WaitAsync(IResource resource, CancellationToken cancellationToken)
    {
        // A replica that starts again beside others does not hold them up: a wait shows on all of them.
        if (!resource.Annotations.OfType<WaitAnnotation>().Any() || RunsAlready(resource))
        {
            return;
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // Before the wait begins, or its first state would be missed.
        var seenWaiting = new HashSet<string>();
        var released = notifications.WaitForResourceAsync(resource.Name, change => IsReleased(change, seenWaiting), ending.Token);
        var reminder = RemindAsync(resource, ending.Token);
        try
        {
            var ready = notifications.WaitForDependenciesAsync(resource, ending.Token);
            await (await Task.WhenAny(ready, released).ConfigureAwait(false)).ConfigureAwait(false);
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await reminder.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ((Task)released).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static bool IsReleased(ResourceEvent change, HashSet<string> seenWaiting)
    {
        if (change.Snapshot.State?.Text != KnownResourceStates.Waiting)
        {
            return seenWaiting.Contains(change.ResourceId);
        }

        seenWaiting.Add(change.ResourceId);
        return false;
    }

    private bool RunsAlready(IResource resource) => resource.GetInstanceNames().Any(name =>
        notifications.TryGetCurrentState(name, out var current) && current.Snapshot.State?.Text == KnownResourceStates.Running);

    private async Task RemindAsync(IResource resource, CancellationToken cancellationToken)
    {
        for (var patience = _patience; ; patience *= 3)
        {
            await Task.Delay(patience, clock, cancellationToken).ConfigureAwait(false);
            Log.StillWaiting(logger, resource.Name, string.Join("; ", WaitReasons.Of(resource, notifications)));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Resource} still waits for {Reasons}.")]
        public static partial void StillWaiting(ILogger logger, string resource, string reasons);
    }
}
