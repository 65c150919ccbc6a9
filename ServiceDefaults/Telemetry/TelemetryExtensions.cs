using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace MonoRepo.ServiceDefaults.Telemetry;

/// <summary>Logs, metrics and traces by OpenTelemetry, sent by OTLP where the environment names a receiver.</summary>
internal static class TelemetryExtensions
{
    /// <summary>
    /// The standard variables configure all of it: <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> (without it nothing is collected,
    /// so that nothing is paid), <c>OTEL_SERVICE_NAME</c>, <c>OTEL_RESOURCE_ATTRIBUTES</c>, <c>OTEL_TRACES_SAMPLER</c>.
    /// </summary>
    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            return;
        }

        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        builder.Services.AddHostedService<GrpcEventCounters>();
        builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter(TelemetrySources.Meters))
            .WithTracing(tracing => tracing
                .AddSource([builder.Environment.ApplicationName, .. TelemetrySources.Activities])
                .AddProcessor(new SpanProcessor()))
            .UseOtlpExporter();
    }
}
