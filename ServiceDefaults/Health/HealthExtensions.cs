using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MonoRepo.ServiceDefaults.Lifetime;
using MonoRepo.ServiceDefaults.Telemetry;

namespace MonoRepo.ServiceDefaults.Health;

/// <summary>The two checks that every service has and the paths that show them.</summary>
internal static class HealthExtensions
{
    public static void AddDefaultHealthChecks(this IHostApplicationBuilder builder)
    {
        // Each probe would log each failure, every second; what failed logs its own change, and the answer tells the prober.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        builder.Services.AddHealthChecks()
            .AddCheck("self", () => HealthCheckResult.Healthy(), [HealthTags.Live])
            .AddCheck<DrainHealthCheck>("drain");
        if (builder.Configuration.CollectsMetrics())
        {
            builder.Services.AddSingleton<IHealthCheckPublisher, HealthMetrics>();
            builder.Services.Configure<HealthCheckPublisherOptions>(options => options.Period = TimeSpan.FromSeconds(HealthMetrics.Period));
        }
    }

    public static void MapHealthEndpoints(this WebApplication app)
    {
        app.MapHealthChecks(HealthPaths.Ready).OnManagementEndpoint().DisableHttpMetrics();
        app.MapHealthChecks(HealthPaths.Alive, new HealthCheckOptions { Predicate = check => check.Tags.Contains(HealthTags.Live) })
            .OnManagementEndpoint().DisableHttpMetrics();
    }
}
