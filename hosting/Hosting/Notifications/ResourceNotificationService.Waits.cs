using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MonoRepo.Hosting;

namespace Aspire.Hosting.ApplicationModel;

public partial class ResourceNotificationService
{
    /// <summary>Waits until an instance of a resource is in a state.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <param name="targetState">The state; null means Running.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WaitForResourceAsync(
        string resourceName,
        string? targetState = null,
        CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, [string.IsNullOrEmpty(targetState) ? KnownResourceStates.Running : targetState], cancellationToken);

    /// <summary>Waits until an instance of a resource is in one of these states, and says in which.</summary>
    public async Task<string> WaitForResourceAsync(
        string resourceName,
        IEnumerable<string> targetStates,
        CancellationToken cancellationToken = default)
    {
        var states = targetStates.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var reached = await WaitAsync(
            resourceName,
            e => e.Snapshot.State?.Text is { } text && states.Contains(text),
            $"Resource '{resourceName}' failed to reach one of the target states: [{string.Join(", ", states)}] before the operation was cancelled.",
            cancellationToken).ConfigureAwait(false);
        return reached.Snapshot.State!.Text;
    }

    /// <summary>Waits until an instance of a resource satisfies a predicate.</summary>
    public Task<ResourceEvent> WaitForResourceAsync(
        string resourceName,
        Func<ResourceEvent, bool> predicate,
        CancellationToken cancellationToken = default) =>
        WaitAsync(resourceName, predicate, $"Resource '{resourceName}' failed to satisfy the predicate before the operation was cancelled.", cancellationToken);

    /// <summary>Waits until a resource is healthy and its ResourceReadyEvent was handled.</summary>
    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceHealthyAsync(resourceName, DefaultWaitBehavior, cancellationToken);

    /// <summary>Waits until a resource is healthy and its ResourceReadyEvent was handled.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <param name="waitBehavior">Whether to give up when it fails.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DistributedApplicationException">It failed, or there is no such resource, and the behavior is to stop.</exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(
        string resourceName,
        WaitBehavior waitBehavior,
        CancellationToken cancellationToken = default)
    {
        var stops = waitBehavior == WaitBehavior.StopOnResourceUnavailable;
        if (stops && _services.GetService<DistributedApplicationModel>() is { } model
            && !model.Resources.TryGetByName(resourceName, out _) && !TryGetCurrentState(resourceName, out _))
        {
            throw new DistributedApplicationException($"Stopped waiting for resource '{resourceName}' to become healthy because it does not exist in the application model.");
        }

        var message = $"Resource '{resourceName}' failed to become healthy before the operation was cancelled.";
        var reached = await WaitAsync(
            resourceName,
            e => e.Snapshot.HealthStatus == HealthStatus.Healthy || (stops && HasFailed(e.Snapshot)),
            message,
            cancellationToken).ConfigureAwait(false);
        if (reached.Snapshot.HealthStatus != HealthStatus.Healthy)
        {
            throw new DistributedApplicationException($"Stopped waiting for resource '{resourceName}' to become healthy because it failed to start.");
        }

        return await WaitUntilReadyAsync(resourceName, reached.ResourceId, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits for everything that a resource waits for; it is in the state Waiting meanwhile.</summary>
    /// <exception cref="DistributedApplicationException">One of them failed, and the behavior is to stop.</exception>
    public Task WaitForDependenciesAsync(IResource resource, CancellationToken cancellationToken) =>
        new DependencyWait(this, _loggers.GetLogger(resource), resource, DefaultWaitBehavior).RunAsync(cancellationToken);

    internal async Task<ResourceEvent> WaitUntilReadyAsync(
        string resourceName,
        string resourceId,
        CancellationToken cancellationToken)
    {
        var ready = await WaitAsync(
            resourceName,
            e => e.ResourceId == resourceId && e.Snapshot.ReadyHandlers is not null,
            $"Resource '{resourceName}' failed to execute the resource ready event before the operation was cancelled.",
            cancellationToken).ConfigureAwait(false);
        await ready.Snapshot.ReadyHandlers!.WaitAsync(cancellationToken).ConfigureAwait(false);
        return ready;
    }

    internal static bool HasFailed(CustomResourceSnapshot snapshot) =>
        snapshot.State?.Text is { } state
        && (state == KnownResourceStates.RuntimeUnhealthy || KnownResourceStates.TerminalStates.Contains(state));

    internal async Task<ResourceEvent> WaitAsync(
        string name,
        Func<ResourceEvent, bool> predicate,
        string message,
        CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var change in WatchAsync(name, cancellationToken).ConfigureAwait(false))
            {
                if (predicate(change))
                {
                    return change;
                }
            }
        }
        catch (OperationCanceledException exception)
        {
            throw new OperationCanceledException(Describe(name, message), exception, cancellationToken);
        }

        throw new OperationCanceledException(Describe(name, message));
    }

    private string Describe(string name, string message)
    {
        if (!TryGetCurrentState(name, out var current))
        {
            return message;
        }

        var snapshot = current.Snapshot;
        var reports = snapshot.HealthReports.Where(r => r.Status != HealthStatus.Healthy)
            .Select(r => $"{Environment.NewLine}- {r.Name}: {r.Status?.ToString() ?? "no answer yet"} {r.Description}".TrimEnd());
        var exit = snapshot.ExitCode is { } code ? $"{Environment.NewLine}- Exit Code: {code}" : null;
        return $"{message}{Environment.NewLine}- Current State: {snapshot.State?.Text ?? "(none)"}{exit}{string.Concat(reports)}";
    }
}
