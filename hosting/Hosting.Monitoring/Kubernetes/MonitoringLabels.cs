namespace MonoRepo.Hosting.Monitoring.Kubernetes;

/// <summary>
/// The one place of the labels by which operators find what belongs to them: a selector that misses its objects is silent, so
/// both sides are made of the same constant.
/// </summary>
internal static class MonitoringLabels
{
    public const string Name = "app.kubernetes.io/name";

    /// <summary>
    /// On monitors, rules, receivers, dashboards, data sources and Grafana itself, and in every selector for them.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Monitored { get; } =
        new Dictionary<string, string> { ["monorepo/monitoring"] = "true" };

    /// <summary>What the Prometheus operator puts on the pods of Prometheus.</summary>
    public static IReadOnlyDictionary<string, string> PrometheusPods { get; } =
        new Dictionary<string, string> { [Name] = "prometheus" };

    /// <summary>What the Prometheus operator puts on the pods of Alertmanager.</summary>
    public static IReadOnlyDictionary<string, string> AlertmanagerPods { get; } =
        new Dictionary<string, string> { [Name] = "alertmanager" };

    /// <summary>What the Grafana operator puts on the pods of a Grafana called <see cref="MonitoringNames.Grafana"/>.</summary>
    public static IReadOnlyDictionary<string, string> GrafanaPods { get; } =
        new Dictionary<string, string> { ["app"] = MonitoringNames.Grafana };

    /// <summary>
    /// What the charts of the Grafana operator put on its own pods, which write dashboards through Grafana's API.
    /// </summary>
    public static IReadOnlyDictionary<string, string> GrafanaOperatorPods { get; } =
        new Dictionary<string, string> { [Name] = "grafana-operator" };
}
