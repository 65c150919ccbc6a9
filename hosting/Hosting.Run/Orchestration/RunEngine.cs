using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MonoRepo.Hosting.Run.Dcp;

namespace MonoRepo.Hosting.Run.Orchestration;

/// <summary>
/// Runs the graph: DCP, addresses, then every resource when its time has come. The order of one resource's life is
/// Aspire's: initial state, endpoints allocated, connection string available, waiting, started, ready.
/// </summary>
internal sealed partial class RunEngine(
    DistributedApplicationModel model,
    DcpHost dcp,
    InstanceTable instances,
    InitialState initialState,
    ParameterValues parameters,
    EndpointAllocator endpoints,
    ResourceLinks links,
    InstanceController controller,
    DeferredStart deferred,
    InstanceWatcher watcher,
    WaitGate waits,
    Stragglers stragglers,
    ResourceNotificationService notifications,
    IDistributedApplicationEventing eventing,
    IServiceProvider services,
    IHostApplicationLifetime lifetime,
    RunOutcome outcome,
    TimeProvider clock,
    ILogger<RunEngine> logger) : IHostedLifecycleService, IDisposable
{
    /// <summary>Resources end within a moment, DCP itself a little later; longer than this nobody waits.</summary>
    private static readonly TimeSpan _stopTimeout = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan _stragglersTimeout = TimeSpan.FromSeconds(2.5);

    /// <summary>Cancelled when the stop begins: nothing more is started.</summary>
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Cancelled when everything has ended: until then states and last lines are still followed.</summary>
    private readonly CancellationTokenSource _stopped = new();
    private Task _allocatingOwn = Task.CompletedTask;
    private Task _allocating = Task.CompletedTask;
    private Task _watching = Task.CompletedTask;
    private Task _starting = Task.CompletedTask;

    /// <summary>Before any other service of the host starts: DCP and the addresses get ready while the feed's web server does.</summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        dcp.Begin();
        foreach (var resource in instances.Resources)
        {
            resource.Annotations.Add(new InstancesAnnotation([.. instances.Of(resource).Select(instance => instance.Name)]));
            LifecycleCommands.AddTo(resource);
        }

        eventing.Subscribe<BeforeResourceStartedEvent>((started, token) => waits.WaitAsync(started.Resource, token));
        _allocatingOwn = Task.Run(() => AllocateAsync(needsNoProxy: true), CancellationToken.None);
        _allocating = AllocateOthersAsync();
        return Task.CompletedTask;

        async Task AllocateOthersAsync()
        {
            await _allocatingOwn.ConfigureAwait(false);
            await AllocateAsync(needsNoProxy: false).ConfigureAwait(false);
        }

        Task AllocateAsync(bool needsNoProxy) => endpoints.AllocateAsync(
            instances, [.. instances.Resources.Where(resource => EndpointAllocator.NeedsNoProxy(resource) == needsNoProxy)], _stopping.Token);
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await parameters.ResolveAsync(model).ConfigureAwait(false);
        await initialState.PublishAsync(model, cancellationToken).ConfigureAwait(false);
        await _allocatingOwn.WaitAsync(cancellationToken).ConfigureAwait(false);
        var relations = new Relations(model);
        _watching = WatchAsync(relations);

        // Not awaited: a resource may wait for another for as long as it likes, the application has started.
        _starting = StartResourcesAsync(relations);
        await _allocating.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(_stopTimeout);
        await using var killer = clock.CreateTimer(_ => stragglers.Kill(), null, _stragglersTimeout, Timeout.InfiniteTimeSpan);
        try
        {
            await dcp.StopAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // DCP goes on by itself: it watches this process and ends what is left.
            Log.StopTookLong(logger, _stopTimeout.TotalSeconds);
        }

        await _stopped.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_watching, _starting).WaitAsync(TimeSpan.FromSeconds(1), CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _stopping.Dispose();
        _stopped.Dispose();
    }

    private async Task WatchAsync(Relations relations)
    {
        try
        {
            await watcher.RunAsync(instances, relations, _stopping.Token, _stopped.Token).ConfigureAwait(false);
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            // DCP is going down, as asked.
        }
        catch (Exception e)
        {
            Log.WatchEnded(logger, e.Message);
            outcome.Fail(e.Message);
            lifetime.StopApplication();
        }
    }

    private async Task StartResourcesAsync(Relations relations)
    {
        try
        {
            // In the graph's order, so that the dashboard, which is its first resource, is started first.
            await Task.WhenAll(instances.Resources.ToList().Select(resource => StartResourceAsync(resource, relations))).ConfigureAwait(false);
            await eventing.PublishAsync(new AfterResourcesCreatedEvent(services, model), _stopping.Token).ConfigureAwait(false);
            await deferred.RunAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception e)
        {
            Log.StartFailed(logger, e);
        }
    }

    private async Task StartResourceAsync(IResource resource, Relations relations)
    {
        await (EndpointAllocator.NeedsNoProxy(resource) ? _allocatingOwn : _allocating).ConfigureAwait(false);
        if (resource is IResourceWithEndpoints)
        {
            await links.CollectAsync(resource, _stopping.Token).ConfigureAwait(false);
            await notifications.PublishUpdateAsync(resource, snapshot => snapshot with
            {
                Urls = ResourceLinks.SnapshotsOf(resource, endpoint => endpoint is null),
            }).ConfigureAwait(false);
            await eventing.PublishAsync(new ResourceEndpointsAllocatedEvent(resource, services), _stopping.Token).ConfigureAwait(false);
        }

        await PublishConnectionStringsAsync(resource, relations).ConfigureAwait(false);
        if (resource.Annotations.Any(annotation => annotation is ExplicitStartupAnnotation or DeferredStartAnnotation))
        {
            await notifications.PublishUpdateAsync(resource, snapshot => snapshot with { State = KnownResourceStates.NotStarted }).ConfigureAwait(false);
            return;
        }

        await controller.StartAllAsync(resource, instances.Of(resource), _stopping.Token).ConfigureAwait(false);
    }

    private async Task PublishConnectionStringsAsync(IResource resource, Relations relations)
    {
        if (resource is IResourceWithConnectionString owner)
        {
            await eventing.PublishAsync(new ConnectionStringAvailableEvent(owner, services), _stopping.Token).ConfigureAwait(false);
        }

        foreach (var child in relations.DependentChildrenOf(resource))
        {
            await PublishConnectionStringsAsync(child, relations).ConfigureAwait(false);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "DCP, the orchestrator, has not ended within {Seconds} s; it ends what is left by itself.")]
        public static partial void StopTookLong(ILogger logger, double seconds);

        [LoggerMessage(2, LogLevel.Critical, "{Reason}")]
        public static partial void WatchEnded(ILogger logger, string reason);

        [LoggerMessage(3, LogLevel.Error, "Not all resources could be started.")]
        public static partial void StartFailed(ILogger logger, Exception exception);
    }
}
