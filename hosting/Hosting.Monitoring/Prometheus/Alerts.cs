namespace MonoRepo.Hosting.Monitoring.Prometheus;

/// <summary>Makes alerts: each has a severity, a sentence, its runbook page and its dashboard.</summary>
internal sealed class Alerts(MonitoringLinks links)
{
    public Rule Alert(
        string name,
        string expression,
        TimeSpan duration,
        AlertSeverity severity,
        string summary,
        string dashboard,
        IReadOnlyDictionary<string, string>? labels = null) => new(
            null,
            name,
            expression,
            duration == TimeSpan.Zero ? null : PromDuration.Of(duration),
            new SortedDictionary<string, string>(labels?.ToDictionary() ?? [], StringComparer.Ordinal) { ["severity"] = NameOf(severity) },
            new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["summary"] = summary,
                ["runbook_url"] = links.Runbook(name),
                ["dashboard_url"] = links.Dashboard(dashboard),
            });

    public static string NameOf(AlertSeverity severity) => severity == AlertSeverity.Page ? "page" : "ticket";
}
