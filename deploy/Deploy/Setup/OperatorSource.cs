namespace MonoRepo.Deploy.Setup;

/// <summary>
/// An operator at the version that is tested with, as one file of manifests: its CustomResourceDefinitions, and what runs it.
/// </summary>
/// <param name="Version">Version; the file of another one may lie elsewhere.</param>
/// <param name="Url">Where its project publishes the file.</param>
internal sealed record OperatorSource(string Name, string Version, Uri Url)
{
    /// <summary>Prometheus, Alertmanager, rules and monitors.</summary>
    public static readonly OperatorSource Prometheus =
        new("prometheus-operator", "0.93.0",
            new("https://github.com/prometheus-operator/prometheus-operator/releases/download/v0.93.0/bundle.yaml"));

    /// <summary>Grafana, dashboards and data sources.</summary>
    public static readonly OperatorSource Grafana =
        new("grafana-operator", "5.21.3",
            new("https://github.com/grafana/grafana-operator/releases/download/v5.21.3/kustomize-cluster_scoped.yaml"));

    public static readonly IReadOnlyList<OperatorSource> All = [Prometheus, Grafana];
}
