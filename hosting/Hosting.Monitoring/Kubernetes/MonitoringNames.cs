namespace MonoRepo.Hosting.Monitoring.Kubernetes;

/// <summary>Names of the instances, and of the Services that their operators make.</summary>
internal static class MonitoringNames
{
    public const string Prometheus = "prometheus";
    public const string PrometheusService = "prometheus-operated";
    public const int PrometheusPort = 9090;
    public const string Alertmanager = "alertmanager";
    public const string AlertmanagerService = "alertmanager-operated";
    public const int AlertmanagerPort = 9093;
    public const string Grafana = "grafana";
    public const int GrafanaPort = 3000;

    /// <summary>The name of the port in the operators' Services.</summary>
    public const string WebPort = "web";
}
