using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace MonoRepo.Hosting;

/// <summary>Makes the service that executes commands; its constructor is closed, as in Aspire.</summary>
public static class ResourceCommands
{
    /// <summary>The service of an application.</summary>
    public static ResourceCommandService Create(IServiceProvider services) => new(
        services.GetRequiredService<ResourceNotificationService>(),
        services.GetRequiredService<ResourceLoggerService>(),
        services);
}
