using MonoRepo.Hosting.Monitoring.Prometheus;

namespace MonoRepo.Hosting.Monitoring.Local;

/// <summary>Configuration of the local Prometheus.</summary>
internal static class PrometheusFiles
{
    public const string Config = "prometheus.json";
    public const string Rules = "rules.json";
    public const string Targets = "targets.json";

    // What runs here is somebody's own.
    public const string Environment = "personal";

    public static void Write(
        MonitoringFolder folder, MonitoredGraph graph, MonitoringLinks links, string alertmanager, string interval)
    {
        folder.Write(Json.SnakeCase(new PrometheusConfig(
            new(interval, interval, new(Environment)),
            [folder.PathOf(Rules)],
            new([new([new([alertmanager])])]),
            [new("graph", [new([folder.PathOf(Targets)], interval)])])), Config);
        folder.Write(
            Json.SnakeCase(new RuleFile([.. RuleSet.Of(graph, links, isLocal: true).SelectMany(r => r.File.Groups)])), Rules);
    }

    public static IReadOnlyList<string> Arguments(string config, string data, int port) =>
    [
        $"--config.file={config}",
        $"--storage.tsdb.path={data}",
        $"--web.listen-address=127.0.0.1:{port}",
        "--enable-feature=exemplar-storage",
    ];
}

internal sealed record PrometheusConfig(
    GlobalConfig Global, IReadOnlyList<string> RuleFiles, AlertingConfig Alerting, IReadOnlyList<ScrapeConfig> ScrapeConfigs);

internal sealed record GlobalConfig(string ScrapeInterval, string EvaluationInterval, Kubernetes.ExternalLabels ExternalLabels);

internal sealed record AlertingConfig(IReadOnlyList<AlertmanagerConfig> Alertmanagers);

internal sealed record AlertmanagerConfig(IReadOnlyList<StaticTargets> StaticConfigs);

internal sealed record StaticTargets(IReadOnlyList<string> Targets);

internal sealed record ScrapeConfig(string JobName, IReadOnlyList<FileTargets> FileSdConfigs);

internal sealed record FileTargets(IReadOnlyList<string> Files, string RefreshInterval);
