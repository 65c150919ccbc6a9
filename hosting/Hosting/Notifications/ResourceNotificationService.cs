using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Publishes what happens to resources, and waits for it.</summary>
public partial class ResourceNotificationService : IDisposable
{
    private readonly ResourceStates _states = new();
    private readonly SnapshotUpdater _updater;
    private readonly ILogger _logger;
    private readonly ResourceLoggerService _loggers;
    private readonly IServiceProvider _services;
    private readonly CancellationTokenSource _disposing = new();

    /// <summary>A service for one application.</summary>
    public ResourceNotificationService(
        ILogger<ResourceNotificationService> logger,
        IHostApplicationLifetime hostApplicationLifetime,
        IServiceProvider serviceProvider,
        ResourceLoggerService resourceLoggerService)
    {
        ArgumentNullException.ThrowIfNull(hostApplicationLifetime);
        _logger = logger ?? throw new ArgumentNullException(nameof(logger));
        _services = serviceProvider ?? throw new ArgumentNullException(nameof(serviceProvider));
        _loggers = resourceLoggerService ?? throw new ArgumentNullException(nameof(resourceLoggerService));
        _updater = new SnapshotUpdater(serviceProvider);
    }

    private WaitBehavior DefaultWaitBehavior =>
        _services.GetService<IOptions<ResourceNotificationServiceOptions>>()?.Value.DefaultWaitBehavior ?? WaitBehavior.StopOnResourceUnavailable;

    /// <summary>Changes the snapshot of every instance of a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="stateFactory">Makes the new snapshot from the present one; it may be called for each instance.</param>
    public Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        ArgumentNullException.ThrowIfNull(resource);
        foreach (var instance in MonoRepo.Hosting.InstanceExtensions.GetInstanceNames(resource))
        {
            PublishUpdateAsync(resource, instance, stateFactory);
        }

        return Task.CompletedTask;
    }

    /// <summary>Changes the snapshot of one instance; nobody hears of a change that changes nothing.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="resourceId">Name of the instance.</param>
    /// <param name="stateFactory">Makes the new snapshot from the present one.</param>
    public Task PublishUpdateAsync(
        IResource resource,
        string resourceId,
        Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(resourceId);
        ArgumentNullException.ThrowIfNull(stateFactory);
        _states.Update(resource, resourceId, last => _updater.Complete(resource, stateFactory(last ?? SnapshotUpdater.First(resource))));
        return Task.CompletedTask;
    }

    /// <summary>The newest snapshot of an instance, or of the only instance of a resource.</summary>
    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent) =>
        _states.TryGet(resourceId, out resourceEvent);

    /// <summary>Every instance now, then every change.</summary>
    public IAsyncEnumerable<ResourceEvent> WatchAsync(CancellationToken cancellationToken = default) => WatchAsync(null, cancellationToken);

    /// <inheritdoc />
    public void Dispose()
    {
        _disposing.Cancel();
        GC.SuppressFinalize(this);
    }

    private async IAsyncEnumerable<ResourceEvent> WatchAsync(
        string? name,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(_disposing.Token, cancellationToken);
        await foreach (var change in _states.WatchAsync(name, linked.Token).ConfigureAwait(false))
        {
            yield return change;
        }
    }
}
