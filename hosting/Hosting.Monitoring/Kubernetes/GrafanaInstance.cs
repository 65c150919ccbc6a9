using MonoRepo.Hosting.Monitoring.Grafana;

namespace MonoRepo.Hosting.Monitoring.Kubernetes;

/// <summary>Grafana, its data source and its dashboards.</summary>
internal static class GrafanaInstance
{
    public static IEnumerable<Manifest> Of(MonitoredGraph graph)
    {
        yield return Manifest.Monitored(Manifest.Grafana, "Grafana", MonitoringNames.Grafana, new GrafanaSpec(
            new SortedDictionary<string, IReadOnlyDictionary<string, string>>
            {
                ["analytics"] = new SortedDictionary<string, string>
                {
                    ["check_for_updates"] = "false",
                    ["reporting_enabled"] = "false",
                },
            },
            new(new(new(new(
            [
                new(
                    "grafana",
                    $"{MonitoringImages.GrafanaRegistry}/{MonitoringImages.Grafana}:{MonitoringImages.GrafanaTag}",
                    ContainerResources.Of("50m", "128Mi", "512Mi")),
            ]))))));
        yield return Manifest.Monitored(Manifest.Grafana, "GrafanaDatasource", "prometheus", new GrafanaDatasourceSpec(
            Selector.Monitored,
            new(
                "Prometheus",
                "prometheus",
                "prometheus",
                "proxy",
                $"http://{MonitoringNames.PrometheusService}:{MonitoringNames.PrometheusPort}",
                IsDefault: true,
                new("15s"))));
        foreach (var dashboard in Dashboards.Of(graph))
        {
            yield return Manifest.Monitored(Manifest.Grafana, "GrafanaDashboard", dashboard.Uid, new GrafanaDashboardSpec(
                Selector.Monitored, Json.Of(dashboard) + "\n"));
        }
    }
}

internal sealed record GrafanaSpec(
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Config, GrafanaDeployment Deployment);

internal sealed record GrafanaDeployment(GrafanaDeploymentSpec Spec);

internal sealed record GrafanaDeploymentSpec(GrafanaTemplate Template);

internal sealed record GrafanaTemplate(GrafanaPod Spec);

internal sealed record GrafanaPod(IReadOnlyList<GrafanaContainer> Containers);

/// <summary>What is changed of the container that the operator makes; the rest of it is restricted already.</summary>
internal sealed record GrafanaContainer(string Name, string Image, ContainerResources Resources);

internal sealed record GrafanaDatasourceSpec(Selector InstanceSelector, GrafanaDatasource Datasource);

internal sealed record GrafanaDatasource(
    string Name, string Uid, string Type, string Access, string Url, bool IsDefault, GrafanaDatasourceJson JsonData);

internal sealed record GrafanaDatasourceJson(string TimeInterval);

internal sealed record GrafanaDashboardSpec(Selector InstanceSelector, string Json);
