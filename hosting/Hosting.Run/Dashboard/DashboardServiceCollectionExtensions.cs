using System.Reflection;
using Aspire.Hosting.Lifecycle;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MonoRepo.Hosting.Run.Dashboard;

/// <summary>Registers the dashboard.</summary>
public static class DashboardServiceCollectionExtensions
{
    /// <summary>Assembly metadata of an AppHost: where its build put the dashboard.</summary>
    private const string ProgramPathMetadata = "aspiredashboardpath";

    /// <summary>
    /// Sends the telemetry of resources to the dashboard, or without one to where the configuration says. Register it before the engine.
    /// </summary>
    /// <param name="services">The AppHost's services.</param>
    public static IServiceCollection AddTelemetryEnvironment(this IServiceCollection services)
    {
        services.AddHostedService<OtlpEnvironment>();
        return services;
    }

    /// <summary>The dashboard and its feed. Register it before the engine, so that the feed is there when the graph starts.</summary>
    /// <remarks>Without its program the graph still runs, and one line says what is missing.</remarks>
    /// <param name="services">The AppHost's services.</param>
    /// <param name="appHost">The AppHost's assembly, whose metadata knows the program.</param>
    public static IServiceCollection AddDashboard(this IServiceCollection services, Assembly? appHost)
    {
        var builtPath = appHost?.GetCustomAttributes<AssemblyMetadataAttribute>().LastOrDefault(attribute => attribute.Key == ProgramPathMetadata)?.Value;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => DashboardOptions.From(provider.GetRequiredService<IConfiguration>(), builtPath));
        services.AddSingleton<ResourceServiceHost>();
        services.AddHostedService(provider => provider.GetRequiredService<ResourceServiceHost>());
        services.AddSingleton<DashboardAnnouncement>();
        services.AddSingleton<DashboardLogs>();
        services.TryAddEventingSubscriber<DashboardLauncher>();
        return services;
    }
}
