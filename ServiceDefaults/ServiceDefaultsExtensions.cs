using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using MonoRepo.ServiceDefaults.Discovery;
using MonoRepo.ServiceDefaults.Grpc;
using MonoRepo.ServiceDefaults.Health;
using MonoRepo.ServiceDefaults.Lifetime;
using MonoRepo.ServiceDefaults.Prometheus;
using MonoRepo.ServiceDefaults.Resilience;
using MonoRepo.ServiceDefaults.Telemetry;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every service of the repository shares; the two names are those of Aspire's own template.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Adds telemetry, health checks, service discovery, resilience of HTTP clients and a bounded drain.</summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddTelemetry();
        builder.AddDrain();
        builder.AddDefaultHealthChecks();
        builder.Services.AddSingleton<ServiceEndpoints>();
        builder.Services.AddSingleton<HttpResilience>();
        builder.Services.AddTransient<ResilienceHandler>();
        builder.Services.AddTransient<ServiceDiscoveryHandler>();

        // The order matters: each attempt of the outer handler asks discovery anew and so may reach another instance.
        builder.Services.ConfigureHttpClientDefaults(http => http
            .AddHttpMessageHandler<ResilienceHandler>()
            .AddHttpMessageHandler<ServiceDiscoveryHandler>());
        return builder;
    }

    /// <summary>
    /// Maps <c>/health</c>, <c>/alive</c> and <c>/metrics</c> in every environment and, for a gRPC server, <c>grpc.health.v1</c> and
    /// reflection.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthEndpoints();
        app.MapMetrics();
        app.MapGrpcDefaults();
        return app;
    }
}
