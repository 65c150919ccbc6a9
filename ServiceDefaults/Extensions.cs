using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using MonoRepo.ServiceDefaults;
using MonoRepo.ServiceDefaults.Access;
using MonoRepo.ServiceDefaults.Calls;
using MonoRepo.ServiceDefaults.Grpc;
using MonoRepo.ServiceDefaults.Health;
using MonoRepo.ServiceDefaults.Quotas;
using MonoRepo.ServiceDefaults.Redis;
using MonoRepo.ServiceDefaults.Rpcz;
using MonoRepo.ServiceDefaults.Shutdown;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Microsoft.Extensions.Hosting;

/// <summary>
/// What every service of the repository shares: telemetry, health checks, service discovery, resilience and a graceful shutdown.
/// It is the file that Aspire's service defaults template makes, so that <c>https://aka.ms/dotnet/aspire/service-defaults</c>
/// explains it.
/// </summary>
public static class Extensions
{
    private const string HealthEndpointPath = "/health";
    private const string AlivenessEndpointPath = "/alive";
    private const string MetricsEndpointPath = "/metrics";

    /// <summary>Instruments that every request updates and that no dashboard shows.</summary>
    private static readonly string[] s_unusedInstruments =
    [
        "aspnetcore.routing.match_attempts", "aspnetcore.memory_pool.*", "kestrel.queued_requests", "http.server.active_requests",
    ];

    /// <summary>
    /// Adds telemetry, the call context, access checks, health checks, service discovery, resilient HTTP clients and a graceful
    /// shutdown.
    /// </summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        ConfigurationErrors.ExitWithOneLine();
        builder.Services.AddSingleton(TimeProvider.System);

        builder.AddCallContext();

        builder.AddServiceAccess();

        builder.AddServiceCertificates();

        builder.ConfigureOpenTelemetry();

        builder.AddDefaultHealthChecks();

        builder.AddGracefulShutdown();

        builder.ConfigureRedisClients();

        builder.AddQuotas();

        builder.Services.AddServiceDiscovery();

        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            // First, where a host is still the name of a service.
            http.AddHttpMessageHandler<CallContextHandler>();
            http.AddHttpMessageHandler<ServiceTokenHandler>();

            // A POST that timed out may have happened: only its sender knows whether it can be sent again.
            http.AddStandardResilienceHandler(resilience => resilience.Retry.DisableForUnsafeHttpMethods());

            http.AddServiceDiscovery();
        });

        // Each request of an HTTP client would be two lines.
        builder.Logging.AddFilter("Polly", LogLevel.Warning);

        return builder;
    }

    /// <summary>
    /// Collects metrics for whoever scrapes <c>/metrics</c>, and sends logs, metrics and traces by OTLP where
    /// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names a receiver. Without one there are no traces, so that nothing is paid for them;
    /// <c>OTEL_METRICS_EXPORTER=none</c> turns metrics off.
    /// </summary>
    public static TBuilder ConfigureOpenTelemetry<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        // Without this, spans of the server have neither url.path nor http.route on .NET 10.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);

        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });

        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource =>
            resource.AddService(builder.ServiceName(), autoGenerateServiceInstanceId: false).AddEnvironmentVariableDetector());

        if (builder.CollectsMetrics())
        {
            builder.AddRpcz();
            telemetry.WithMetrics(metrics =>
            {
                metrics.AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation()
                    .AddRuntimeInstrumentation()
                    .AddMeter("MonoRepo.*")
                    .SetExemplarFilter(ExemplarFilterType.TraceBased)
                    .AddPrometheusExporter(prometheus => prometheus.ScrapeEndpointPath = MetricsEndpointPath);
                foreach (var instrument in s_unusedInstruments)
                {
                    metrics.AddView(instrument, MetricStreamConfiguration.Drop);
                }
            });
        }

        if (builder.SendsTelemetry())
        {
            telemetry.WithTracing(tracing =>
            {
                tracing.AddSource(builder.Environment.ApplicationName, CapturedCall.SourceName)
                    .AddProcessor(new CallContextSpans())
                    .AddAspNetCoreInstrumentation(aspnet => aspnet.Filter = context => !IsProbe(context.Request.Path))
                    .AddGrpcClientInstrumentation(grpc =>
                    {
                        // One span a call, not two. At its start a balanced call has no address yet.
                        grpc.SuppressDownstreamInstrumentation = true;
                        grpc.EnrichWithHttpResponseMessage = (span, response) => span
                            .SetTag("server.address", response.RequestMessage?.RequestUri?.Host)
                            .SetTag("server.port", response.RequestMessage?.RequestUri?.Port);
                    })
                    .AddHttpClientInstrumentation();
            });
        }

        builder.AddOpenTelemetryExporters();

        return builder;
    }

    /// <summary>Adds the check for liveness, and makes what the checks say a metric.</summary>
    public static TBuilder AddDefaultHealthChecks<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddHealthChecks()
            // Add a default liveness check to ensure app is responsive
            .AddCheck("self", () => HealthCheckResult.Healthy(), ["live"]);

        builder.AddHealthMetrics();

        return builder;
    }

    /// <summary>
    /// Maps <c>/health</c>, <c>/alive</c>, <c>/metrics</c> and <c>/rpcz</c> and, for a gRPC server, its health and reflection
    /// services. The first four answer HTTP/1.1 alone, which callers of a gRPC endpoint don't speak, and so in every environment.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.ValidateRedisClients();

        // All health checks must pass for app to be considered ready to accept traffic after starting
        app.MapHealthChecks(HealthEndpointPath).OnManagementEndpoint();

        // Only health checks tagged with the "live" tag must pass for app to be considered alive
        app.MapHealthChecks(AlivenessEndpointPath, new HealthCheckOptions { Predicate = r => r.Tags.Contains("live") })
            .OnManagementEndpoint();

        if (app.Services.GetService<MeterProvider>() is not null)
        {
            app.MapPrometheusScrapingEndpoint().OnManagementEndpoint();
        }

        if (app.Services.GetService<CallTable>() is { } calls)
        {
            app.MapRpcz(calls).OnManagementEndpoint();
        }

        app.MapGrpcDefaults();

        return app;
    }

    /// <summary>What the graph calls the service; a program started by hand has its own name.</summary>
    internal static string ServiceName(this IHostApplicationBuilder builder) =>
        builder.Configuration.ServiceName(builder.Environment);

    internal static string ServiceName(this IConfiguration configuration, IHostEnvironment environment) =>
        configuration["OTEL_SERVICE_NAME"] is { Length: > 0 } name ? name : environment.ApplicationName;

    internal static bool CollectsMetrics(this IHostApplicationBuilder builder) =>
        !"none".Equals(builder.Configuration["OTEL_METRICS_EXPORTER"], StringComparison.OrdinalIgnoreCase);

    internal static bool SendsTelemetry(this IHostApplicationBuilder builder) =>
        !string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);

    private static void AddOpenTelemetryExporters<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        if (!builder.SendsTelemetry())
        {
            return;
        }

        builder.Services.AddOpenTelemetry().UseOtlpExporter();
        foreach (var client in (string[])["OtlpTraceExporter", "OtlpMetricExporter", "OtlpLogExporter"])
        {
            // The exporter retries itself; a retry around it would hold up the end of the process.
#pragma warning disable EXTEXP0001 // Experimental.
            builder.Services.AddHttpClient(client).RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
        }
    }

    private static bool IsProbe(PathString path) =>
        path.StartsWithSegments(HealthEndpointPath)
        || path.StartsWithSegments(AlivenessEndpointPath)
        || path.StartsWithSegments(MetricsEndpointPath)
        || path.StartsWithSegments(RpczEndpoint.Path)
        || path.StartsWithSegments("/grpc.health.v1.Health");

    private static void OnManagementEndpoint(this IEndpointConventionBuilder endpoint)
    {
        endpoint.DisableHttpMetrics().AllowAnonymous();
        endpoint.Add(builder =>
        {
            var next = builder.RequestDelegate!;
            builder.RequestDelegate = context =>
            {
                if (!HttpProtocol.IsHttp2(context.Request.Protocol))
                {
                    return next(context);
                }

                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            };
        });
    }
}
