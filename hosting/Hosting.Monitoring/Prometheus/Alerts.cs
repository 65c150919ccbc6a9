namespace MonoRepo.Hosting.Monitoring.Prometheus;

/// <summary>Makes alerts: each has a severity, a sentence, its runbook page and its dashboard.</summary>
internal sealed class Alerts(MonitoringLinks links)
{
    /// <summary>The alert that stands for series that have ended; the only one that needs none to fire.</summary>
    public const string NoData = "NoData";

    /// <summary>How long the end of series stays without an alert of its own.</summary>
    public static readonly TimeSpan NoDataAfter = TimeSpan.FromMinutes(5);

    /// <summary>
    /// When its series end, an alert goes on until <see cref="NoData"/> fires: nobody is told that all is well.
    /// </summary>
    private static readonly TimeSpan s_keepFiring = TimeSpan.FromMinutes(10);

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
            name == NoData ? null : PromDuration.Of(s_keepFiring),
            new SortedDictionary<string, string>(labels?.ToDictionary() ?? [], StringComparer.Ordinal)
            {
                ["severity"] = NameOf(severity),
            },
            new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["summary"] = summary,
                ["runbook_url"] = links.Runbook(name),
                ["dashboard_url"] = links.Dashboard(dashboard),
            });

    public static string NameOf(AlertSeverity severity) => severity == AlertSeverity.Page ? "page" : "ticket";
}
