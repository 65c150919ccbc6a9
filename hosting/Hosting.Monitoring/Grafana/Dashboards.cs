namespace MonoRepo.Hosting.Monitoring.Grafana;

/// <summary>All dashboards of a graph; each uid is the name of its resource, so links stay what they are.</summary>
internal static class Dashboards
{
    /// <summary>What all have, so that each leads to the others.</summary>
    public const string Tag = "monorepo";

    public static DashboardLink Link { get; } = new("Dashboards", [Tag]);

    /// <summary>All as files, by name.</summary>
    public static IReadOnlyDictionary<string, string> Files(MonitoredGraph graph) =>
        Of(graph).ToDictionary(dashboard => $"{dashboard.Uid}.json", dashboard => Json.Of(dashboard));

    public static IEnumerable<Dashboard> Of(MonitoredGraph graph) =>
        [OverviewDashboard.Of(graph), .. graph.Resources.Select(ServiceDashboard.Of)];
}
