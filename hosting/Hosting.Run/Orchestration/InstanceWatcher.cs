using System.Collections.Concurrent;
using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Logging;
using MonoRepo.Hosting.Run.Dcp;
using MonoRepo.Hosting.Run.Dcp.Lowering;
using MonoRepo.Hosting.Run.Dcp.Wire;

namespace MonoRepo.Hosting.Run.Orchestration;

/// <summary>Turns what DCP reports into states of the resources.</summary>
internal sealed partial class InstanceWatcher(
    DcpHost dcp,
    ConsoleLogs logs,
    EndpointAllocator endpoints,
    RetiredObjects retired,
    ResourceNotificationService notifications,
    IDistributedApplicationEventing eventing,
    IServiceProvider services,
    CrashHandler crashes,
    Stragglers stragglers,
    TimeProvider clock,
    ILogger<InstanceWatcher> logger)
{
    private static readonly string[] _executableSources = ["stdout", "stderr"];
    private static readonly string[] _containerSources = ["startup_stdout", "startup_stderr", "stdout", "stderr"];

    private readonly ConcurrentDictionary<string, Task> _tails = new();
    private readonly ConcurrentDictionary<(string Service, string Owner), string> _producers = new();
    private readonly ConcurrentDictionary<string, DcpExecutable> _executables = new();
    private readonly ConcurrentDictionary<string, DcpContainer> _containers = new();
    private CancellationToken _stopping;

    /// <summary>Follows DCP until the application stops.</summary>
    /// <exception cref="DcpGoneException">DCP has ended.</exception>
    /// <param name="stopping">From then on no end is a crash.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    public async Task RunAsync(InstanceTable instances, Relations relations, CancellationToken stopping, CancellationToken cancellationToken)
    {
        _stopping = stopping;
        var client = await dcp.GetClientAsync(cancellationToken).ConfigureAwait(false);
        await await Task.WhenAny(
            DcpWatch.FollowAsync<DcpExecutable>(client, change => OnExecutable(change, instances, relations, cancellationToken), clock, cancellationToken),
            DcpWatch.FollowAsync<DcpContainer>(client, change => OnContainer(change, instances, relations, cancellationToken), clock, cancellationToken),
            DcpWatch.FollowAsync<DcpEndpoint>(client, change => OnEndpoint(change, instances, relations), clock, cancellationToken)).ConfigureAwait(false);
    }

    private Task OnExecutable(DcpWatchEvent<DcpExecutable> change, InstanceTable instances, Relations relations, CancellationToken cancellationToken)
    {
        var item = change.Object;
        if (change.Type == DcpWatchEvent<DcpExecutable>.Deleted || instances.Find(item.Metadata.Name) is not var (resource, instance))
        {
            return Task.CompletedTask;
        }

        if (item.Status?.Pid is { } pid)
        {
            logs.Follow(item, _executableSources, cancellationToken);
            Remember(instance, item.Status, pid);
        }

        _executables[instance.Name] = item;
        return Enqueue(instance.Name, () => PublishAsync<DcpExecutable>(
            item, resource, instance, relations, snapshot => InstanceSnapshots.Update(snapshot, resource, item, Urls(resource, instance, item.Status?.State)), item.Status?.State, cancellationToken));
    }

    private void Remember(ResourceInstance instance, DcpExecutableStatus status, int pid)
    {
        if (status.FinishTimestamp is not null)
        {
            stragglers.Ended(instance.Name);
        }
        else if (status.StartupTimestamp is { } startedAt)
        {
            stragglers.Started(instance.Name, pid, startedAt.UtcDateTime);
        }
    }

    private Task OnContainer(DcpWatchEvent<DcpContainer> change, InstanceTable instances, Relations relations, CancellationToken cancellationToken)
    {
        var item = change.Object;
        if (change.Type == DcpWatchEvent<DcpContainer>.Deleted || instances.Find(item.Metadata.Name) is not var (resource, instance))
        {
            return Task.CompletedTask;
        }

        if (item.Status?.State is not (null or "" or "Pending"))
        {
            logs.Follow(item, _containerSources, cancellationToken);
        }

        _containers[instance.Name] = item;
        return Enqueue(instance.Name, () => PublishAsync<DcpContainer>(
            item, resource, instance, relations, snapshot => InstanceSnapshots.Update(snapshot, item, Urls(resource, instance, item.Status?.State)), item.Status?.State, cancellationToken));
    }

    /// <summary>An endpoint comes and goes with its process; the links of the process follow.</summary>
    private Task OnEndpoint(DcpWatchEvent<DcpEndpoint> change, InstanceTable instances, Relations relations)
    {
        var owner = change.Object.Metadata.OwnerReferences?.FirstOrDefault()?.Name;
        if (change.Object.Spec.ServiceName is not { } service || owner is null || instances.Find(owner) is not var (resource, instance))
        {
            return Task.CompletedTask;
        }

        if (change.Type == DcpWatchEvent<DcpEndpoint>.Deleted)
        {
            _producers.TryRemove((service, owner), out _);
        }
        else
        {
            _producers[(service, owner)] = change.Object.Metadata.Name;
        }

        var state = _executables.GetValueOrDefault(owner)?.Status?.State ?? _containers.GetValueOrDefault(owner)?.Status?.State;
        return Enqueue(owner, () => notifications.PublishUpdateAsync(
            resource, owner, snapshot => snapshot with { Urls = Urls(resource, instance, state) }));
    }

    private ImmutableArray<UrlSnapshot> Urls(IResource resource, ResourceInstance instance, string? state) =>
        ResourceLinks.SnapshotsOf(resource, endpoint => endpoint is null || endpoint.Resource != resource
            ? state == KnownResourceStates.Running
            : endpoints.ServiceOf(resource.Name, endpoint.EndpointAnnotation.Name) is { } service && _producers.ContainsKey((service, instance.Name)));

    private async Task PublishAsync<T>(
        T item,
        IResource resource,
        ResourceInstance instance,
        Relations relations,
        Func<CustomResourceSnapshot, CustomResourceSnapshot> update,
        string? dcpState,
        CancellationToken cancellationToken)
        where T : IDcpObject
    {
        var hasEnded = dcpState is "Finished" or "Terminated" or "Exited" or "FailedToStart";
        if (hasEnded)
        {
            // Who sees the end finds all that was written before it.
            await logs.DrainAsync(instance.Name).ConfigureAwait(false);
        }

        if (retired.Contains(item.Metadata.Uid))
        {
            return;
        }

        CustomResourceSnapshot? before = null;
        CustomResourceSnapshot? after = null;
        await notifications.PublishUpdateAsync(resource, instance.Name, snapshot => after = update(before = snapshot)).ConfigureAwait(false);
        foreach (var child in relations.DependentChildrenOf(resource))
        {
            await PublishChildAsync(child, relations, after!).ConfigureAwait(false);
        }

        if (!hasEnded || KnownResourceStates.TerminalStates.Contains(before!.State?.Text))
        {
            return;
        }

        await crashes.OnEndedAsync<T>(resource, instance, after!, _stopping).ConfigureAwait(false);
        if (notifications.TryGetCurrentState(instance.Name, out var current))
        {
            await PublishStoppedAsync(resource, relations, current, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task PublishChildAsync(IResource child, Relations relations, CustomResourceSnapshot parent)
    {
        await notifications.PublishUpdateAsync(child, snapshot => snapshot with
        {
            State = parent.State,
            StartTimeStamp = parent.StartTimeStamp,
            StopTimeStamp = parent.StopTimeStamp,
        }).ConfigureAwait(false);
        foreach (var grandchild in relations.DependentChildrenOf(child))
        {
            await PublishChildAsync(grandchild, relations, parent).ConfigureAwait(false);
        }
    }

    private async Task PublishStoppedAsync(IResource resource, Relations relations, ResourceEvent current, CancellationToken cancellationToken)
    {
        await eventing.PublishAsync(new ResourceStoppedEvent(resource, services, current), EventDispatchBehavior.NonBlockingSequential, cancellationToken)
            .ConfigureAwait(false);
        foreach (var child in relations.DependentChildrenOf(resource))
        {
            await PublishStoppedAsync(child, relations, current, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Changes of one instance stay in order; those of others don't wait for it.</summary>
    private Task Enqueue(string instance, Func<Task> publish)
    {
        _tails.AddOrUpdate(instance, _ => Task.Run(() => PublishSafely(instance, publish)), (_, tail) => After(tail, instance, publish));
        return Task.CompletedTask;
    }

    private async Task After(Task tail, string instance, Func<Task> publish)
    {
        await tail.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await PublishSafely(instance, publish).ConfigureAwait(false);
    }

    private async Task PublishSafely(string instance, Func<Task> publish)
    {
        try
        {
            await publish().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception e)
        {
            Log.UpdateFailed(logger, e, instance);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A change of {Instance} could not be shown.")]
        public static partial void UpdateFailed(ILogger logger, Exception exception, string instance);
    }
}
