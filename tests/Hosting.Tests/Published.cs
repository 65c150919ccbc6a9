using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using MonoRepo.Hosting;

namespace MonoRepo.Tests;

/// <summary>A built application whose states a test publishes in the place of an engine.</summary>
internal sealed class Published(IDistributedApplicationBuilder builder) : IAsyncDisposable
{
    private readonly DistributedApplication _application = builder.Build();

    internal DistributedApplication Application => _application;

    internal ResourceNotificationService Notifications => _application.ResourceNotifications;

    internal ResourceLoggerService Logs => _application.Services.GetRequiredService<ResourceLoggerService>();

    /// <summary>Publishes a state of every instance.</summary>
    internal Task State(IResourceBuilder<IResource> resource, string state, int? exitCode = null, Task? ready = null) =>
        Notifications.PublishUpdateAsync(resource.Resource, s => (s with { State = state, ExitCode = exitCode }).WithReadyHandlers(ready ?? s.GetReadyHandlers()));

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
