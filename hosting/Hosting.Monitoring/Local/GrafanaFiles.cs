using MonoRepo.Hosting.Monitoring.Grafana;

namespace MonoRepo.Hosting.Monitoring.Local;

/// <summary>What the local Grafana is provisioned with: data source and dashboards.</summary>
internal static class GrafanaFiles
{
    private const string Provisioning = "provisioning";
    private const string Dashboards = "dashboards";

    public static void Write(MonitoringFolder folder, MonitoredGraph graph)
    {
        folder.Write(Asset("grafana-datasource.yaml"), Provisioning, "datasources", "prometheus.yaml");
        folder.Write(Asset("grafana-dashboards.yaml"), Provisioning, "dashboards", "graph.yaml");
        WriteDashboards(folder, graph);
    }

    /// <summary>Writes the dashboards alone.</summary>
    public static string WriteDashboards(MonitoringFolder folder, MonitoredGraph graph)
    {
        foreach (var (name, text) in Monitoring.Grafana.Dashboards.Files(graph))
        {
            folder.Write(text, Dashboards, name);
        }

        return folder.PathOf(Dashboards);
    }

    /// <summary>Whoever reaches loopback may look; nobody may log in, as there is no password to know.</summary>
    public static IReadOnlyDictionary<string, string> Variables(MonitoringFolder folder, int port, string prometheus) =>
        new SortedDictionary<string, string>
        {
            ["DASHBOARDS"] = folder.PathOf(Dashboards),
            ["PROMETHEUS_URL"] = prometheus,
            ["GF_PATHS_PROVISIONING"] = folder.PathOf(Provisioning),
            ["GF_SERVER_HTTP_ADDR"] = "127.0.0.1",
            ["GF_SERVER_HTTP_PORT"] = $"{port}",
            ["GF_AUTH_ANONYMOUS_ENABLED"] = "true",
            ["GF_AUTH_ANONYMOUS_ORG_ROLE"] = "Viewer",
            ["GF_AUTH_BASIC_ENABLED"] = "false",
            ["GF_AUTH_DISABLE_LOGIN_FORM"] = "true",
            ["GF_ANALYTICS_CHECK_FOR_UPDATES"] = "false",
            ["GF_ANALYTICS_REPORTING_ENABLED"] = "false",
        };

    private static string Asset(string name)
    {
        using var reader = new StreamReader(typeof(GrafanaFiles).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
