using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>What the callers of a service may rely on over 30 days.</summary>
/// <param name="Availability">Part of the calls that end without a fault of the server, between 0 and 1; null: no
/// objective.</param>
/// <param name="Latency">How fast unary calls are answered; null: no objective.</param>
internal sealed record ServiceLevelAnnotation(double? Availability, LatencyObjective? Latency, SourceLine Line)
    : IResourceAnnotation;

/// <summary>At least this part of unary calls is answered within the threshold.</summary>
/// <param name="Ratio">Between 0 and 1: 0.99.</param>
/// <param name="Threshold">A bound of the histogram <c>grpc_server_call_duration_seconds</c>: others cannot be counted.</param>
internal sealed record LatencyObjective(double Ratio, TimeSpan Threshold)
{
    /// <summary>The bounds of the histogram, in seconds: those that ServiceDefaults record.</summary>
    public static IReadOnlyList<double> Bounds { get; } =
        [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
}

/// <summary>An alert that a resource declares.</summary>
/// <param name="Name">Upper camel case, as <c>RedisMemoryNearlyFull</c>; <c>docs/runbooks/&lt;Name&gt;.md</c> says what to
/// do.</param>
/// <param name="Expression">PromQL; each series of its result is an alert.</param>
/// <param name="For">How long the expression has to hold.</param>
/// <param name="Severity">Page or ticket.</param>
/// <param name="Summary">One sentence, a template that may name labels: <c>{{ $labels.pod }}</c>.</param>
public sealed record AlertRule(string Name, string Expression, TimeSpan For, AlertSeverity Severity, string Summary);

/// <summary>What an alert asks of people; the label <c>severity</c> in lower case.</summary>
public enum AlertSeverity
{
    /// <summary>Somebody has to act now.</summary>
    Page,

    /// <summary>Somebody has to act within days.</summary>
    Ticket,
}

/// <summary>Alerts of a resource, beside those that every scraped resource has.</summary>
internal sealed record AlertRulesAnnotation(IReadOnlyList<AlertRule> Rules) : IResourceAnnotation;

/// <summary>A graph over time on the dashboard of a resource.</summary>
/// <param name="Title">Title, unique on the dashboard.</param>
/// <param name="Expression">PromQL.</param>
/// <param name="Unit">Unit by Grafana's name: <c>short</c>, <c>s</c>, <c>bytes</c>, <c>percentunit</c>, <c>reqps</c>.</param>
/// <param name="Legend">Name of each series, with labels as <c>{{pod}}</c>.</param>
public sealed record DashboardPanel(string Title, string Expression, string Unit = "short", string Legend = "{{pod}}");

/// <summary>A titled row of panels on the dashboard of a resource.</summary>
internal sealed record DashboardRowAnnotation(string Title, IReadOnlyList<DashboardPanel> Panels) : IResourceAnnotation;

/// <summary>
/// Where monitoring scrapes a resource: each of its replicas on this machine, each of its pods in a cluster, where the network
/// policy lets Prometheus in.
/// </summary>
/// <param name="Endpoint">Name of the endpoint; the port of the pods has the same name.</param>
internal sealed record MetricsPortAnnotation(string Endpoint, string Path = "/metrics") : IResourceAnnotation;

/// <summary>
/// In the cluster, pods with these labels read the metrics of every workload of the environment. Publishing opens the way for
/// them, and for nobody else.
/// </summary>
internal sealed record MetricsScraperAnnotation(IReadOnlyDictionary<string, string> PodLabels) : IResourceAnnotation;
