using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MonoRepo.ServiceDefaults.Prometheus;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MonoRepo.ServiceDefaults.Telemetry;

/// <summary>Metrics for whoever scrapes them; logs, metrics and traces sent by OTLP where the environment names a receiver.</summary>
internal static class TelemetryExtensions
{
    /// <summary>
    /// The standard variables configure all of it: <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> (without it there are neither traces nor exported
    /// logs, so that nothing is paid for them), <c>OTEL_METRICS_EXPORTER=none</c> (no metrics), <c>OTEL_SERVICE_NAME</c>,
    /// <c>OTEL_RESOURCE_ATTRIBUTES</c>, <c>OTEL_TRACES_SAMPLER</c>, <c>OTEL_METRICS_EXEMPLAR_FILTER</c>.
    /// </summary>
    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => Name(resource, builder));
        if (configuration.CollectsMetrics())
        {
            builder.Services.AddSingleton<PrometheusExporter>();
            builder.Services.AddSingleton<MetricsScraper>();
            telemetry.WithMetrics(metrics =>
            {
                metrics.AddMeter(TelemetrySources.Meters).AddReader(services =>
                    new BaseExportingMetricReader(services.GetRequiredService<PrometheusExporter>()));
                foreach (var instrument in TelemetrySources.Dropped)
                {
                    metrics.AddView(instrument, MetricStreamConfiguration.Drop);
                }

                if (configuration["OTEL_METRICS_EXEMPLAR_FILTER"] is null)
                {
                    metrics.SetExemplarFilter(ExemplarFilterType.TraceBased);
                }
            });
        }

        if (string.IsNullOrWhiteSpace(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            return;
        }

        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        telemetry
            .WithTracing(tracing => tracing
                .AddSource([builder.Environment.ApplicationName, .. TelemetrySources.Activities])
                .AddProcessor(new SpanProcessor()))
            .UseOtlpExporter();
    }

    /// <summary>Whether metrics are collected: unless <c>OTEL_METRICS_EXPORTER</c> is <c>none</c>.</summary>
    public static bool CollectsMetrics(this IConfiguration configuration) =>
        !string.Equals(configuration["OTEL_METRICS_EXPORTER"], "none", StringComparison.OrdinalIgnoreCase);

    /// <summary>What the graph calls the service is in <c>OTEL_SERVICE_NAME</c>; a program started by hand has its own name.</summary>
    public static string ServiceName(this IHostApplicationBuilder builder) =>
        builder.Configuration["OTEL_SERVICE_NAME"] is { Length: > 0 } name ? name : builder.Environment.ApplicationName;

    private static void Name(ResourceBuilder resource, IHostApplicationBuilder builder)
    {
        if (builder.Configuration["OTEL_RESOURCE_ATTRIBUTES"]?.Contains("service.name=", StringComparison.Ordinal) != true)
        {
            resource.AddService(builder.ServiceName(), autoGenerateServiceInstanceId: false);
        }
    }
}
