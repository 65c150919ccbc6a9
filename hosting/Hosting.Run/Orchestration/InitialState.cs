using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;

namespace MonoRepo.Hosting.Run.Orchestration;

/// <summary>What is known about every resource before anything runs.</summary>
internal sealed class InitialState(
    ResourceNotificationService notifications, ResourceLoggerService loggers, IDistributedApplicationEventing eventing, IServiceProvider services)
{
    /// <summary>Publishes the first snapshot of each resource, then lets those with a life of their own begin it.</summary>
    public async Task PublishAsync(DistributedApplicationModel model, CancellationToken cancellationToken)
    {
        foreach (var resource in model.Resources)
        {
            var parent = Relations.ParentOf(resource);
            await notifications.PublishUpdateAsync(resource, snapshot => WithParent(snapshot, parent) with
            {
                Relationships = Relations.SnapshotsOf(resource),
                Urls = ResourceLinks.SnapshotsOf(resource, endpoint => endpoint is null),
            }).ConfigureAwait(false);
            await eventing.PublishAsync(
                new InitializeResourceEvent(resource, eventing, loggers, notifications, services),
                EventDispatchBehavior.NonBlockingConcurrent,
                cancellationToken).ConfigureAwait(false);
        }
    }

    private static CustomResourceSnapshot WithParent(CustomResourceSnapshot snapshot, IResource? parent) =>
        parent is null ? snapshot : snapshot.WithProperty(KnownProperties.ParentName, parent.GetInstanceNames()[0]);
}
