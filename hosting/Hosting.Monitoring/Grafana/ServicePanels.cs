using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting.Monitoring.ServiceLevels;

namespace MonoRepo.Hosting.Monitoring.Grafana;

/// <summary>The rows that follow from what a service is: rate, errors and duration of each method; the .NET runtime.</summary>
internal static class ServicePanels
{
    private const string Interval = "[$__rate_interval]";

    public static IEnumerable<DashboardPanel> ServiceLevel(string job) =>
    [
        new("Error budget left of 30 days", $"{SliMetrics.BudgetRemaining}{{job=\"{job}\"}}", "percentunit", "{{sli}}"),
        new("Calls that fell short, over 1 hour", $"{SliMetrics.ErrorRatio("1h")}{{job=\"{job}\"}}", "percentunit", "{{sli}}"),
        new("Objective", $"{SliMetrics.Objective}{{job=\"{job}\"}}", "percentunit", "{{sli}}"),
    ];

    public static DashboardPanel BurnRate(string job) => new(
        "Burn rate over 1 hour; 1 spends the budget in 30 days",
        $"{SliMetrics.ErrorRatio("1h")}{{job=\"{job}\"}} / (1 - {SliMetrics.Objective}{{job=\"{job}\"}})",
        "short",
        "{{sli}}");

    /// <summary>Rate, errors, duration of each method.</summary>
    /// <param name="side"><c>server</c> or <c>client</c>.</param>
    public static IEnumerable<DashboardPanel> Calls(string side, string job)
    {
        var selector = $"{{job=\"{job}\",{Indicator.OwnServices}}}";
        var faults = $"{{job=\"{job}\",{Indicator.OwnServices},grpc_status=~\"{Indicator.ServerFaults}\"}}";
        var handled = $"grpc_{side}_call_duration_seconds_count";
        var all = $"sum by (grpc_method) (rate({handled}{selector}{Interval}))";
        yield return new("Calls per second", all, "reqps", "{{grpc_method}}");
        yield return new(
            "Faults, part of calls", $"(sum by (grpc_method) (rate({handled}{faults}{Interval})) or 0 * {all}) / {all}",
            "percentunit", "{{grpc_method}}");
        yield return new(
            "Ends by status", $"sum by (grpc_status) (rate({handled}{selector}{Interval}))", "reqps", "{{grpc_status}}");
        foreach (var quantile in (string[])["0.5", "0.95", "0.99"])
        {
            yield return new(
                $"Duration, quantile {quantile}",
                $"histogram_quantile({quantile}, sum by (grpc_method, le) " +
                $"(rate(grpc_{side}_call_duration_seconds_bucket{selector}{Interval})))",
                "s",
                "{{grpc_method}}");
        }
    }

    /// <summary>What ServiceDefaults say of load shedding; of each pod, as each has a limit of its own.</summary>
    public static IEnumerable<DashboardPanel> Overload(string job)
    {
        var selector = $"{{job=\"{job}\"}}";
        yield return new("Calls at once: limit", $"overload_limit{selector}");
        yield return new("Calls at work and waiting", $"overload_in_flight{selector} + overload_queued{selector}");
        yield return new(
            "Refused, by criticality and reason", $"sum by (criticality, reason) (rate(overload_shed_total{selector}{Interval}))",
            "reqps", "{{criticality}}, {{reason}}");
        yield return new(
            "Connections ended, by limit", $"sum by (reason) (rate(overload_connections_closed_total{selector}{Interval}))",
            "cps", "{{reason}}");
    }

    /// <summary>Who calls and who may not; who calls more than their quota.</summary>
    public static IEnumerable<DashboardPanel> Callers(MonitoredResource resource)
    {
        var selector = $"{{job=\"{resource.Name}\"}}";
        yield return new(
            "Calls by proven caller", $"sum by (caller, result) (rate(access_checks_total{selector}{Interval}))", "reqps",
            "{{caller}}, {{result}}");
        if (resource.Resource.Annotations.OfType<QuotaAnnotation>().Any())
        {
            yield return new(
                "Calls by quota", $"sum by (quota, result) (rate(quota_checks_total{selector}{Interval}))", "reqps",
                "{{quota}}, {{result}}");
        }
    }

    /// <summary>Meters of System.Runtime, by the names of OpenTelemetry's conventions.</summary>
    public static IEnumerable<DashboardPanel> Runtime(string job)
    {
        var selector = $"{{job=\"{job}\"}}";
        yield return new("CPU, cores", $"sum by (pod) (rate(dotnet_process_cpu_time_seconds_total{selector}{Interval}))");
        yield return new("Working set", $"dotnet_process_memory_working_set_bytes{selector}", "bytes");
        yield return new(
            "Heap after the last collection", $"sum by (pod) (dotnet_gc_last_collection_heap_size_bytes{selector})", "bytes");
        yield return new("Allocated per second", $"rate(dotnet_gc_heap_total_allocated_bytes_total{selector}{Interval})", "Bps");
        yield return new(
            "Time in collections, part", $"rate(dotnet_gc_pause_time_seconds_total{selector}{Interval})", "percentunit");
        yield return new("Thread pool queue", $"dotnet_thread_pool_queue_length_total{selector}");
    }
}
