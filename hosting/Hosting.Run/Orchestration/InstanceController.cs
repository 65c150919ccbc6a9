using System.Collections.Concurrent;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Logging;
using MonoRepo.Hosting.Run.Dcp;
using MonoRepo.Hosting.Run.Dcp.Lowering;
using MonoRepo.Hosting.Run.Dcp.Wire;

namespace MonoRepo.Hosting.Run.Orchestration;

/// <summary>Starts and stops instances: at the application's start, by command, and again after a crash.</summary>
internal sealed partial class InstanceController(
    DcpHost dcp,
    InstanceStarter starter,
    RetiredObjects retired,
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    IDistributedApplicationEventing eventing,
    IServiceProvider services,
    TimeProvider clock,
    ILogger<InstanceController> logger)
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _locks = new();
    private readonly ConcurrentDictionary<string, bool> _stopping = new();

    /// <summary>Whether somebody asked the instance to stop; its end is then no crash.</summary>
    public bool IsStopRequested(string instance) => _stopping.ContainsKey(instance);

    /// <summary>Starts all instances of a resource, after all that it waits for. Failures show as the state FailedToStart.</summary>
    public async Task StartAllAsync(IResource resource, IReadOnlyList<ResourceInstance> instances, CancellationToken cancellationToken)
    {
        try
        {
            await BeforeStartAsync(resource, instances, cancellationToken).ConfigureAwait(false);
            await Task.WhenAll(instances.Select(instance => Locked(instance, () => CreateAsync(resource, instance, cancellationToken), cancellationToken)))
                .ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await Task.WhenAll(instances.Select(instance => FailAsync(resource, instance, e))).ConfigureAwait(false);
        }
    }

    /// <summary>Starts one instance; one that waits for others goes ahead without them.</summary>
    public async Task StartAsync(IResource resource, ResourceInstance instance, CancellationToken cancellationToken)
    {
        if (await ReleaseAsync(resource, instance).ConfigureAwait(false))
        {
            return;
        }

        await Locked(instance, async () =>
        {
            await DeleteAsync(resource, instance, cancellationToken).ConfigureAwait(false);
            try
            {
                await BeforeStartAsync(resource, [instance], cancellationToken).ConfigureAwait(false);
                await CreateAsync(resource, instance, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                await FailAsync(resource, instance, e).ConfigureAwait(false);
                throw;
            }
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stops one instance and returns when it has ended.</summary>
    public Task StopAsync(IResource resource, ResourceInstance instance, CancellationToken cancellationToken) => Locked(instance, async () =>
    {
        _stopping[instance.Name] = true;
        if (resource.IsContainer())
        {
            await StopAsync<DcpContainer>(instance.Name, container => container.Status?.State is "Exited" or "FailedToStart", cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await StopAsync<DcpExecutable>(
                instance.Name, executable => executable.Status?.State is "Finished" or "Terminated" or "FailedToStart", cancellationToken).ConfigureAwait(false);
        }
    }, cancellationToken);

    private async Task BeforeStartAsync(IResource resource, IReadOnlyList<ResourceInstance> instances, CancellationToken cancellationToken)
    {
        foreach (var instance in instances)
        {
            _stopping.TryRemove(instance.Name, out _);
            await notifications.PublishUpdateAsync(resource, instance.Name, snapshot => (snapshot with
            {
                State = KnownResourceStates.Starting,
                ExitCode = null,
                StartTimeStamp = null,
                StopTimeStamp = null,
            }).WithHealthReports([]).WithReadyHandlers(null)).ConfigureAwait(false);
        }

        await eventing.PublishAsync(new BeforeResourceStartedEvent(resource, services), cancellationToken).ConfigureAwait(false);
    }

    private async Task CreateAsync(IResource resource, ResourceInstance instance, CancellationToken cancellationToken)
    {
        await notifications.PublishUpdateAsync(resource, instance.Name, snapshot =>
            snapshot.State?.Text == KnownResourceStates.Waiting ? snapshot with { State = KnownResourceStates.Starting } : snapshot).ConfigureAwait(false);
        var started = clock.GetTimestamp();
        await starter.CreateAsync(resource, instance, cancellationToken).ConfigureAwait(false);
        Log.Created(logger, instance.Name, clock.GetElapsedTime(started).TotalMilliseconds);
    }

    private async Task FailAsync(IResource resource, ResourceInstance instance, Exception exception)
    {
        var message = exception is DistributedApplicationException or DcpException ? exception.Message : $"{exception.GetType().Name}: {exception.Message}";
        Log.Failed(loggers.GetLogger(instance.Name), message);
        Log.StartFailed(logger, instance.Name, message);
        await notifications.PublishUpdateAsync(resource, instance.Name, snapshot => snapshot with
        {
            State = new ResourceStateSnapshot(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error),
        }).ConfigureAwait(false);
    }

    /// <summary>Ends the wait of an instance: leaving the state Waiting is what its wait looks for.</summary>
    private async Task<bool> ReleaseAsync(IResource resource, ResourceInstance instance)
    {
        var wasWaiting = false;
        await notifications.PublishUpdateAsync(resource, instance.Name, snapshot =>
        {
            wasWaiting = snapshot.State?.Text == KnownResourceStates.Waiting;
            return wasWaiting ? snapshot with { State = KnownResourceStates.Starting } : snapshot;
        }).ConfigureAwait(false);
        return wasWaiting;
    }

    private Task DeleteAsync(IResource resource, ResourceInstance instance, CancellationToken cancellationToken) =>
        resource.IsContainer() ? DeleteAsync<DcpContainer>(instance.Name, cancellationToken) : DeleteAsync<DcpExecutable>(instance.Name, cancellationToken);

    private async Task DeleteAsync<T>(string name, CancellationToken cancellationToken)
        where T : IDcpObject
    {
        var client = await dcp.GetClientAsync(cancellationToken).ConfigureAwait(false);
        if (await client.FindAsync<T>(name, cancellationToken).ConfigureAwait(false) is not { } old)
        {
            return;
        }

        retired.Add(old.Metadata.Uid);
        await client.DeleteAsync<T>(name, cancellationToken).ConfigureAwait(false);
        while (await client.FindAsync<T>(name, cancellationToken).ConfigureAwait(false) is not null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task StopAsync<T>(string name, Predicate<T> hasEnded, CancellationToken cancellationToken)
        where T : IDcpObject
    {
        var client = await dcp.GetClientAsync(cancellationToken).ConfigureAwait(false);
        if (await client.FindAsync<T>(name, cancellationToken).ConfigureAwait(false) is not { } item || hasEnded(item))
        {
            return;
        }

        await client.StopAsync<T>(name, cancellationToken).ConfigureAwait(false);
        while (await client.FindAsync<T>(name, cancellationToken).ConfigureAwait(false) is { } current && !hasEnded(current))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task Locked(ResourceInstance instance, Func<Task> action, CancellationToken cancellationToken)
    {
        var gate = _locks.GetOrAdd(instance.Name, _ => new SemaphoreSlim(1));
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await action().ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "{Instance} was given to DCP after {Milliseconds:0} ms.")]
        public static partial void Created(ILogger logger, string instance, double milliseconds);

        [LoggerMessage(2, LogLevel.Error, "{Reason}")]
        public static partial void Failed(ILogger logger, string reason);

        [LoggerMessage(3, LogLevel.Error, "{Instance} could not be started: {Reason}")]
        public static partial void StartFailed(ILogger logger, string instance, string reason);
    }
}
