using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MonoRepo.ServiceDefaults.Health;

/// <summary>
/// What the health checks said last as <c>health_check_status{health_check}</c>: 1 healthy, 0.5 degraded, 0 unhealthy; and
/// <c>process_start_time_seconds</c>, by which a restart is seen.
/// </summary>
internal sealed class HealthMetrics : IHealthCheckPublisher
{
    /// <summary>How often the checks run for the metrics, in seconds: less often than probes ask.</summary>
    public const int Period = 10;

    private static readonly Meter Meter = new("MonoRepo.Health");
    private readonly ConcurrentDictionary<string, HealthStatus> _last = new();

    public HealthMetrics()
    {
        using var process = Process.GetCurrentProcess();
        var started = new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0;
        Meter.CreateObservableGauge("health_check.status", Read, description: "What a health check said last: 1 healthy, 0.5 degraded, 0 unhealthy.");
        Meter.CreateObservableGauge("process.start_time", () => started, "s", "Start of the process in seconds since 1970.");
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
