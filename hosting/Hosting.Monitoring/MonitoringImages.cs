namespace MonoRepo.Hosting.Monitoring;

/// <summary>Images of what monitors, the same locally and in the cluster.</summary>
internal static class MonitoringImages
{
    public const string PrometheusRegistry = "quay.io";
    public const string Prometheus = "prometheus/prometheus";
    public const string PrometheusTag = "v3.5.0";
    public const string Alertmanager = "prometheus/alertmanager";
    public const string AlertmanagerTag = "v0.28.1";
    public const string GrafanaRegistry = "docker.io";
    public const string Grafana = "grafana/grafana";
    public const string GrafanaTag = "12.1.1";
}
