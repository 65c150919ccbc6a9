using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using MonoRepo.Hosting;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The wait of one resource for all that it depends on.</summary>
internal sealed class DependencyWait(
    ResourceNotificationService notifications,
    ILogger logger,
    IResource resource,
    WaitBehavior defaultBehavior)
{
    private readonly Lock _gate = new();
    private readonly List<string> _pending = [];

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        var waits = resource.Annotations.OfType<WaitAnnotation>().Where(w => w.Resource is not IResourceWithoutLifetime).ToArray();
        if (waits.Length == 0)
        {
            return;
        }

        _pending.AddRange(waits.SelectMany(w => w.Resource.GetInstanceNames()));
        await PublishPendingAsync().ConfigureAwait(false);
        await Task.WhenAll(waits.SelectMany(wait => wait.Resource.GetInstanceNames().Select(async instance =>
        {
            await WaitAsync(wait, instance, cancellationToken).ConfigureAwait(false);
            await DoneAsync(instance).ConfigureAwait(false);
        }))).ConfigureAwait(false);
    }

    private Task WaitAsync(WaitAnnotation wait, string instance, CancellationToken cancellationToken)
    {
        var name = wait.Resource.GetInstanceNames().Count > 1 ? instance : wait.Resource.Name;
        return wait.WaitType switch
        {
            WaitType.WaitForCompletion => CompletedAsync(wait, instance, name, cancellationToken),
            WaitType.WaitUntilStarted => StartedAsync(wait, instance, name, cancellationToken),
            _ => HealthyAsync(wait, instance, name, cancellationToken),
        };
    }

    private async Task StartedAsync(WaitAnnotation wait, string instance, string name, CancellationToken cancellationToken)
    {
        await RunningAsync(wait, instance, name, cancellationToken).ConfigureAwait(false);
        WaitLog.Started(logger, name);
    }

    private async Task HealthyAsync(WaitAnnotation wait, string instance, string name, CancellationToken cancellationToken)
    {
        await RunningAsync(wait, instance, name, cancellationToken).ConfigureAwait(false);
        if (wait.Resource.GetHealthCheckKeys().Any())
        {
            WaitLog.WaitingForHealth(logger, name);
            var stops = Stops(wait);
            var reached = await notifications.WaitAsync(
                wait.Resource.Name,
                e => e.ResourceId == instance && (e.Snapshot.HealthStatus == HealthStatus.Healthy || (stops && ResourceNotificationService.HasFailed(e.Snapshot))),
                $"Resource '{name}' failed to become healthy before the operation was cancelled.",
                cancellationToken).ConfigureAwait(false);
            ThrowIfFailed(reached.Snapshot, name);
        }

        await notifications.WaitUntilReadyAsync(wait.Resource.Name, instance, cancellationToken).ConfigureAwait(false);
        WaitLog.Finished(logger, name);
    }

    private async Task RunningAsync(WaitAnnotation wait, string instance, string name, CancellationToken cancellationToken)
    {
        WaitLog.WaitingForState(logger, name, KnownResourceStates.Running);
        var stops = Stops(wait);
        var reached = await notifications.WaitAsync(
            wait.Resource.Name,
            e => e.ResourceId == instance && (e.Snapshot.State?.Text == KnownResourceStates.Running || (stops && ResourceNotificationService.HasFailed(e.Snapshot))),
            $"Resource '{name}' failed to reach the 'Running' state before the operation was cancelled.",
            cancellationToken).ConfigureAwait(false);
        ThrowIfFailed(reached.Snapshot, name);
    }

    private async Task CompletedAsync(WaitAnnotation wait, string instance, string name, CancellationToken cancellationToken)
    {
        WaitLog.WaitingForCompletion(logger, name);
        var reached = await notifications.WaitAsync(
            wait.Resource.Name,
            e => e.ResourceId == instance && (KnownResourceStates.TerminalStates.Contains(e.Snapshot.State?.Text) || e.Snapshot.ExitCode is not null),
            $"Resource '{name}' failed to reach a terminal state before the operation was cancelled.",
            cancellationToken).ConfigureAwait(false);
        var snapshot = reached.Snapshot;
        if (snapshot.State?.Text == KnownResourceStates.FailedToStart)
        {
            throw Stopped(name, "it failed to start.");
        }

        if (snapshot.ExitCode is { } code && code != wait.ExitCode)
        {
            throw Stopped(name, $"it entered the '{snapshot.State?.Text}' state with exit code '{code}', expected '{wait.ExitCode}'.");
        }

        WaitLog.Finished(logger, name);
    }

    private bool Stops(WaitAnnotation wait) => (wait.WaitBehavior ?? defaultBehavior) == WaitBehavior.StopOnResourceUnavailable;

    private void ThrowIfFailed(CustomResourceSnapshot snapshot, string name)
    {
        if (snapshot.State?.Text == KnownResourceStates.FailedToStart)
        {
            throw Stopped(name, "it failed to start.");
        }

        if (ResourceNotificationService.HasFailed(snapshot))
        {
            throw Stopped(name, $"it entered the '{snapshot.State!.Text}' state prematurely.");
        }
    }

    private DistributedApplicationException Stopped(string name, string because)
    {
        var exception = new DistributedApplicationException($"Resource '{resource.Name}' stopped waiting for dependency resource '{name}' because {because}");
        WaitLog.Stopped(logger, exception.Message);
        return exception;
    }

    private Task DoneAsync(string instance)
    {
        lock (_gate)
        {
            _pending.Remove(instance);
        }

        return PublishPendingAsync();
    }

    private Task PublishPendingAsync()
    {
        // The state stays Waiting when nobody is left: the engine goes on to Starting.
        lock (_gate)
        {
            string[] pending = [.. _pending.Distinct(StringComparer.OrdinalIgnoreCase)];
            return notifications.PublishUpdateAsync(resource, s => pending.Length == 0
                ? s.WithoutProperty(KnownProperties.WaitingFor)
                : (s with { State = KnownResourceStates.Waiting }).WithProperty(KnownProperties.WaitingFor, pending));
        }
    }
}

internal static partial class WaitLog
{
    [LoggerMessage(1, LogLevel.Information, "Waiting for resource '{Resource}' to enter the '{State}' state.")]
    internal static partial void WaitingForState(ILogger logger, string resource, string state);

    [LoggerMessage(2, LogLevel.Information, "Waiting for resource '{Resource}' to become healthy.")]
    internal static partial void WaitingForHealth(ILogger logger, string resource);

    [LoggerMessage(3, LogLevel.Information, "Waiting for resource '{Resource}' to complete.")]
    internal static partial void WaitingForCompletion(ILogger logger, string resource);

    [LoggerMessage(4, LogLevel.Information, "Finished waiting for resource '{Resource}'.")]
    internal static partial void Finished(ILogger logger, string resource);

    [LoggerMessage(5, LogLevel.Information, "Finished waiting for resource '{Resource}' to start.")]
    internal static partial void Started(ILogger logger, string resource);

    [LoggerMessage(6, LogLevel.Error, "{Reason}")]
    internal static partial void Stopped(ILogger logger, string reason);
}
