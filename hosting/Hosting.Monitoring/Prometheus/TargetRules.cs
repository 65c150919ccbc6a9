using MonoRepo.Hosting.Monitoring.Grafana;

namespace MonoRepo.Hosting.Monitoring.Prometheus;

/// <summary>What may go wrong with anything that is scraped.</summary>
internal static class TargetRules
{
    private const string Running = "monitoring:running";

    /// <summary>
    /// In a cluster only, and of the kubelet's series: where the environment's Prometheus does not get them, a Prometheus of the
    /// whole cluster reads this rule from the same object.
    /// </summary>
    public static RuleGroup Volumes(Alerts alerts) => new("volumes",
    [
        alerts.Alert(
            "VolumeNearlyFull", "kubelet_volume_stats_used_bytes / kubelet_volume_stats_capacity_bytes > 0.85",
            TimeSpan.FromMinutes(10), AlertSeverity.Ticket,
            "The volume {{ $labels.persistentvolumeclaim }} is filled to {{ $value | humanizePercentage }}.",
            OverviewDashboard.Uid),
    ]);

    /// <param name="isLocal">
    /// A run on this machine, of which nothing has been scraped in the beginning: nothing is missed in its first minute.
    /// </param>
    public static IEnumerable<Rule> Of(MonitoredGraph graph, Alerts alerts, bool isLocal)
    {
        if (isLocal)
        {
            yield return new(Running, null, "vector(1)");
        }

        yield return alerts.Alert(
            "TargetDown", "up == 0", TimeSpan.FromMinutes(5), AlertSeverity.Ticket,
            "{{ $labels.pod }} of {{ $labels.job }} does not answer scrapes.", "{{ $labels.job }}");
        yield return alerts.Alert(
            "Restarts", "changes(process_start_time_seconds[30m]) > 2", TimeSpan.Zero, AlertSeverity.Ticket,
            "{{ $labels.pod }} of {{ $labels.job }} has started {{ $value }} times again within 30 minutes.",
            "{{ $labels.job }}");
        yield return alerts.Alert(
            "Unready", "min by (job, pod) (health_check_status) < 1", TimeSpan.FromMinutes(10), AlertSeverity.Ticket,
            "{{ $labels.pod }} of {{ $labels.job }} runs but is not healthy.", "{{ $labels.job }}");
        if (graph.Resources.Any(r => r.IsServer))
        {
            yield return alerts.Alert(
                "CriticalCallsShed", "sum by (job) (rate(overload_shed_total{criticality=~\"critical.*\"}[5m])) > 0",
                TimeSpan.FromMinutes(5),
                AlertSeverity.Ticket,
                "{{ $labels.job }} is overloaded and refuses {{ $value | humanize }} critical calls per second.",
                "{{ $labels.job }}");
            yield return alerts.Alert(
                "CallersRefused", "sum by (job, caller, result) (rate(access_checks_total{result!=\"allowed\"}[5m])) > 0",
                TimeSpan.FromMinutes(10),
                AlertSeverity.Ticket,
                "{{ $labels.job }} refuses {{ $value | humanize }} calls per second of the caller {{ $labels.caller }}: {{ " +
                "$labels.result }}.",
                "{{ $labels.job }}");
        }

        var isOldEnough = isLocal ? $"\nand on ()\n{Running} offset 1m" : "";
        foreach (var resource in graph.Scraped)
        {
            yield return alerts.Alert(
                Alerts.NoData, $"absent(up{{job=\"{resource.Name}\"}} == 1){isOldEnough}", Alerts.NoDataAfter, AlertSeverity.Page,
                $"No replica of {resource.Name} answers scrapes.", resource.Name,
                new Dictionary<string, string> { ["job"] = resource.Name });
        }
    }
}
