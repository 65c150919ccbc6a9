namespace MonoRepo.Hosting;

/// <summary>A graph over time on the dashboard of a resource.</summary>
/// <param name="Title">Title, unique on the dashboard.</param>
/// <param name="Expression">PromQL.</param>
/// <param name="Unit">Unit by Grafana's name: <c>short</c>, <c>s</c>, <c>bytes</c>, <c>percentunit</c>, <c>reqps</c>.</param>
/// <param name="Legend">Name of each series, with labels as <c>{{pod}}</c>.</param>
public sealed record DashboardPanel(string Title, string Expression, string Unit = "short", string Legend = "{{pod}}");
