namespace MonoRepo.Hosting.Monitoring.Grafana;

/// <summary>All dashboards of a graph; each uid is the name of its resource, so links stay what they are.</summary>
internal static class Dashboards
{
    /// <summary>What all have, so that each leads to the others.</summary>
    public const string Tag = "monorepo";

    public static DashboardLink Link { get; } = new("Dashboards", [Tag]);

    // Several replicas tell the same.
    private static readonly AnnotationList s_history = new(
    [
        new(
            "What happened",
            $"max by (at, by, command, commit, result, what) ({PlaybooksAnnotation.HistoryMetric})",
            "{{command}} by {{by}}: {{result}}",
            "{{what}} {{commit}}",
            "command"),
    ]);

    /// <summary>All as files, by name.</summary>
    public static IReadOnlyDictionary<string, string> Files(MonitoredGraph graph) =>
        Of(graph).ToDictionary(dashboard => $"{dashboard.Uid}.json", dashboard => Json.Of(dashboard));

    public static IEnumerable<Dashboard> Of(MonitoredGraph graph) =>
        from dashboard in (IEnumerable<Dashboard>)[OverviewDashboard.Of(graph), .. graph.Resources.Select(ServiceDashboard.Of)]
        select dashboard with { Annotations = graph.Playbooks is null ? null : s_history };
}
