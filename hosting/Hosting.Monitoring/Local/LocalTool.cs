namespace MonoRepo.Hosting.Monitoring.Local;

/// <summary>A program that monitors: what it is called on the PATH, and its image.</summary>
/// <param name="Programs">Names on the PATH: distributions differ.</param>
/// <param name="HealthPath">What answers 200 when it is ready.</param>
internal sealed record LocalTool(string Name, IReadOnlyList<string> Programs, string Image, string Install, string HealthPath)
{
    public static LocalTool Prometheus { get; } = new(
        "prometheus",
        ["prometheus"],
        $"{MonitoringImages.PrometheusRegistry}/{MonitoringImages.Prometheus}:{MonitoringImages.PrometheusTag}",
        "apt install prometheus (Debian, Ubuntu), or a container runtime that is running",
        "/-/ready");

    public static LocalTool Alertmanager { get; } = new(
        "alertmanager",
        ["prometheus-alertmanager", "alertmanager"],
        $"{MonitoringImages.PrometheusRegistry}/{MonitoringImages.Alertmanager}:{MonitoringImages.AlertmanagerTag}",
        "apt install prometheus-alertmanager (Debian, Ubuntu), or a container runtime that is running",
        "/-/ready");

    /// <summary>Its native packages need a home folder of their own, so that only the image is used.</summary>
    public static LocalTool Grafana { get; } = new(
        "grafana",
        [],
        $"{MonitoringImages.GrafanaRegistry}/{MonitoringImages.Grafana}:{MonitoringImages.GrafanaTag}",
        "a container runtime that is running, docker or podman",
        "/api/health");

    public static IReadOnlyList<LocalTool> All { get; } = [Prometheus, Alertmanager, Grafana];
}
