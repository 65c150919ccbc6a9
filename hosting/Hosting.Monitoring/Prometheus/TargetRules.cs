namespace MonoRepo.Hosting.Monitoring.Prometheus;

/// <summary>What may go wrong with anything that is scraped.</summary>
internal static class TargetRules
{
    public static IEnumerable<Rule> Of(MonitoredGraph graph, Alerts alerts)
    {
        yield return alerts.Alert(
            "TargetDown", "up == 0", TimeSpan.FromMinutes(5), AlertSeverity.Ticket,
            "{{ $labels.pod }} of {{ $labels.job }} does not answer scrapes.", "{{ $labels.job }}");
        yield return alerts.Alert(
            "Restarts", "changes(process_start_time_seconds[30m]) > 2", TimeSpan.Zero, AlertSeverity.Ticket,
            "{{ $labels.pod }} of {{ $labels.job }} has started {{ $value }} times again within 30 minutes.", "{{ $labels.job }}");
        yield return alerts.Alert(
            "Unready", "min by (job, pod) (health_check_status) < 1", TimeSpan.FromMinutes(10), AlertSeverity.Ticket,
            "{{ $labels.pod }} of {{ $labels.job }} runs but is not healthy.", "{{ $labels.job }}");
        foreach (var resource in graph.Scraped)
        {
            yield return alerts.Alert(
                "NoData", $"absent(up{{job=\"{resource.Name}\"}} == 1)", TimeSpan.FromMinutes(5), AlertSeverity.Page,
                "No replica of {{ $labels.job }} answers scrapes.", "{{ $labels.job }}");
        }
    }
}
