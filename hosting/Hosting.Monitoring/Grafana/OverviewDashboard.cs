using MonoRepo.Hosting.Monitoring.ServiceLevels;

namespace MonoRepo.Hosting.Monitoring.Grafana;

/// <summary>All resources on one page.</summary>
internal static class OverviewDashboard
{
    public const string Uid = "monitoring-overview";

    public static Dashboard Of(MonitoredGraph graph)
    {
        var layout = new DashboardLayout().Numbers("Now",
        [
            new("Targets up", "sum(up)", "short", "up"),
            new("Targets down", "count(up == 0) or vector(0)", "short", "down"),
            new("Alerts firing", "count(ALERTS{alertstate=\"firing\"}) or vector(0)", "short", "firing"),
        ]);
        if (graph.Resources.Any(r => r.ServiceLevel is not null))
        {
            layout.Numbers("Service levels",
            [
                new("Error budget left of 30 days", SliMetrics.BudgetRemaining, "percentunit", "{{job}} {{sli}}"),
                new("Calls that fell short, over 1 hour", SliMetrics.ErrorRatio("1h"), "percentunit", "{{job}} {{sli}}"),
            ]);
        }

        if (graph.Resources.Any(r => r.IsServer))
        {
            const string Metric = "grpc_server_call_duration_seconds";
            var calls = Sum($"{Metric}_count{{{Indicator.OwnServices}}}");
            var faults = Sum($"{Metric}_count{{{Indicator.OwnServices},grpc_status=~\"{Indicator.ServerFaults}\"}}");
            layout.Row("Calls",
            [
                new("Calls per second", calls, "reqps", "{{job}}"),
                new("Faults, part of calls", $"({faults} or 0 * {calls}) / {calls}", "percentunit", "{{job}}"),
                new(
                    "Duration of unary calls, quantile 0.99",
                    $"histogram_quantile(0.99, sum by (job, le) (rate({Metric}_bucket" +
                    $"{{{Indicator.OwnServices},grpc_type=\"unary\"}}[$__rate_interval])))",
                    "s",
                    "{{job}}"),
            ]);
            layout.Table("Service graph: who calls whom", new Dictionary<string, string>
            {
                ["caller"] = "caller",
                ["job"] = "called",
                ["grpc_method"] = "method",
            },
            [
                new("calls/s", Edges("count"), "reqps"),
                new("faults",
                    $"({Edges("count", $",grpc_status=~\"{Indicator.ServerFaults}\"")} or 0 * {Edges("count")}) / " +
                    $"({Edges("count")} > 0)", "percentunit"),
                new("p50", $"histogram_quantile(0.5, {Edges("bucket", "", ",le")})", "s"),
                new("p99", $"histogram_quantile(0.99, {Edges("bucket", "", ",le")})", "s"),
            ]);
        }

        if (graph.Resources.Any(r => r.IsClient))
        {
            layout.Table("What methods call while they are answered", new Dictionary<string, string>
            {
                ["job"] = "service",
                ["grpc_method"] = "method",
                ["grpc_target"] = "calls",
            },
            [
                new("calls/s", Outgoing("calls"), "reqps"),
                new("faults",
                    $"({Outgoing("calls", $"{{grpc_status=~\"{Indicator.ServerFaults}\"}}")} or 0 * {Outgoing("calls")}) / " +
                    $"({Outgoing("calls")} > 0)", "percentunit"),
                new("mean", $"{Outgoing("seconds")} / ({Outgoing("calls")} > 0)", "s"),
            ]);
        }

        if (graph.Resources.Any(r => r.IsService))
        {
            layout.Row("Services",
            [
                new("CPU, cores", "sum by (job) (rate(dotnet_process_cpu_time_seconds_total[$__rate_interval]))", "short",
                    "{{job}}"),
                new("Working set", "sum by (job) (dotnet_process_memory_working_set_bytes)", "bytes", "{{job}}"),
                new("Replicas up", "sum by (job) (up)", "short", "{{job}}"),
            ]);
        }

        return new(Uid, "Overview", [Dashboards.Tag], [Dashboards.Link], layout.Panels);
    }

    private static string Edges(string part, string status = "", string labels = "") =>
        $"sum by (caller,job,grpc_method{labels}) " +
        $"(rate(grpc_server_call_duration_seconds_{part}{{{Indicator.OwnServices}{status}}}[5m]))";

    private static string Outgoing(string part, string selector = "") =>
        $"sum by (job,grpc_method,grpc_target) (rate(rpc_edge_{part}_total{selector}[5m]))";

    private static string Sum(string series) => $"sum by (job) (rate({series}[$__rate_interval]))";
}
