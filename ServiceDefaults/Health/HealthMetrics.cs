using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MonoRepo.ServiceDefaults.Health;

/// <summary>
/// What the health checks said last as <c>health_check_status{health_check}</c>: 1 healthy, 0.5 degraded, 0 unhealthy; and
/// <c>process_start_time_seconds</c>, by which a restart is seen.
/// </summary>
internal sealed class HealthMetrics : IHealthCheckPublisher
{
    private static readonly Meter s_meter = new("MonoRepo.Health");
    private readonly ConcurrentDictionary<string, HealthStatus> _last = new();

    public HealthMetrics()
    {
        var started = new DateTimeOffset(Process.GetCurrentProcess().StartTime).ToUnixTimeMilliseconds() / 1000.0;
        s_meter.CreateObservableGauge(
            "health_check.status", Read, description: "What a health check said last: 1 healthy, 0.5 degraded, 0 unhealthy.");
        s_meter.CreateObservableGauge("process.start_time", () => started, "s", "Start of the process in seconds since 1970.");
    }

    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        foreach (var (name, entry) in report.Entries)
        {
            _last[name] = entry.Status;
        }

        return Task.CompletedTask;
    }

    private IEnumerable<Measurement<double>> Read() => _last.Select(last => new Measurement<double>(
        last.Value switch { HealthStatus.Healthy => 1, HealthStatus.Degraded => 0.5, _ => 0 },
        new KeyValuePair<string, object?>("health_check", last.Key)));
}

/// <summary>Registers <see cref="HealthMetrics"/>.</summary>
internal static class HealthMetricsExtensions
{
    public static void AddHealthMetrics(this IHostApplicationBuilder builder)
    {
        // Each failure would be logged each second; what failed logs its own change, and the answer tells the prober.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);

        // As often as those that watch grpc.health.v1 want to know.
        builder.Services.Configure<HealthCheckPublisherOptions>(publisher =>
        {
            publisher.Delay = TimeSpan.Zero;
            publisher.Period = TimeSpan.FromSeconds(1);
        });

        if (builder.CollectsMetrics())
        {
            builder.Services.AddSingleton<IHealthCheckPublisher, HealthMetrics>();
        }
    }
}
