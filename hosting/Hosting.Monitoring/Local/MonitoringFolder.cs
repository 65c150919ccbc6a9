using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting.Monitoring.Prometheus;

namespace MonoRepo.Hosting.Monitoring.Local;

/// <summary>The folder of a run: configuration made from the graph, and data. It is gone when the run has ended.</summary>
internal sealed class MonitoringFolder : IDisposable
{
    private const UnixFileMode ReadableByContainers = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private const string Prefix = "monorepo-monitoring-";

    public string Root { get; } = Path.Combine(Path.GetTempPath(), ProcessFolders.Name(Prefix) + Path.GetRandomFileName());

    public string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Makes it, and deletes those of runs that were killed.</summary>
    public void Begin()
    {
        ProcessFolders.RemoveOrphans(Prefix);
        Create(Root);
    }

    /// <summary>Writes a file in one step: its reader sees the old text or the new one.</summary>
    public void Write(string text, params string[] parts)
    {
        var path = PathOf(parts);
        Create(Path.GetDirectoryName(path)!);
        var temporary = $"{path}.tmp";
        File.WriteAllText(temporary, text);
        File.Move(temporary, path, overwrite: true);
    }

    public void Dispose() => ProcessFolders.Remove(Root);

    private static void Create(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, ReadableByContainers);
        }
    }
}

/// <summary>The file from which Prometheus learns its targets; it follows the replicas as they come and go.</summary>
internal static class TargetsFile
{
    /// <summary>Writes the file whenever a replica starts or ends, until the application stops.</summary>
    public static async Task FollowAsync(
        MonitoringFolder folder, MonitoredGraph graph, ResourceNotificationService notifications,
        CancellationToken cancellationToken)
    {
        var scraped = graph.Scraped.ToDictionary(r => r.Resource.Name);
        var targets = new SortedDictionary<string, TargetGroup>(StringComparer.Ordinal);
        string? written = null;
        try
        {
            await foreach (var change in notifications.WatchAsync(cancellationToken))
            {
                if (!scraped.TryGetValue(change.Resource.Name, out var resource))
                {
                    continue;
                }

                if (Target(resource, change.ResourceId, change.Snapshot) is { } target)
                {
                    targets[change.ResourceId] = target;
                }
                else
                {
                    targets.Remove(change.ResourceId);
                }

                if (Json.SnakeCase(targets.Values) is var text && text != written)
                {
                    folder.Write(text, PrometheusFiles.Targets);
                    written = text;
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>A running replica with the labels that its pod has in a cluster; null: there is nothing to scrape.</summary>
    public static TargetGroup? Target(MonitoredResource resource, string instance, CustomResourceSnapshot snapshot) =>
        snapshot.State?.Text == KnownResourceStates.Running
        && ReplicaAddress.Find(resource.Resource, snapshot, resource.Metrics!.Endpoint) is { } address
            ? new([$"127.0.0.1:{address.Port}"], new()
            {
                ["job"] = resource.Name,
                ["pod"] = instance,
                ["__metrics_path__"] = resource.Metrics.Path,
            })
            : null;
}

internal sealed record TargetGroup(IReadOnlyList<string> Targets, SortedDictionary<string, string> Labels);

/// <summary>Configuration of the local Prometheus.</summary>
internal static class PrometheusFiles
{
    public const string Config = "prometheus.json";
    public const string Rules = "rules.json";
    public const string Targets = "targets.json";

    public static void Write(
        MonitoringFolder folder, MonitoredGraph graph, MonitoringLinks links, string alertmanager, string interval)
    {
        folder.Write(Json.SnakeCase(new PrometheusConfig(
            new(interval, interval, new(DeploymentEnvironmentResource.Personal)),
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

/// <summary>
/// Configuration of the local Alertmanager: alerts are seen on its page, and posted where <c>Monitoring:Webhook</c> says.
/// </summary>
internal static class AlertmanagerFiles
{
    public const string Config = "alertmanager.json";
    private const string Receiver = "local";

    public static string Text(IReadOnlyList<LocalWebhook> webhooks) => Json.SnakeCase(new AlertmanagerFile(
        new(Receiver, ["alertname", "job"], "1s", "10s", "1h"), [new(Receiver, webhooks.Count > 0 ? webhooks : null)]));

    /// <remarks>Without the empty cluster address it listens for peers on 0.0.0.0:9094.</remarks>
    public static IReadOnlyList<string> Arguments(string config, string data, int port) =>
    [
        $"--config.file={config}",
        $"--storage.path={data}",
        $"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
    ];
}

internal sealed record AlertmanagerFile(LocalRoute Route, IReadOnlyList<LocalReceiver> Receivers);

internal sealed record LocalRoute(
    string Receiver, IReadOnlyList<string> GroupBy, string GroupWait, string GroupInterval, string RepeatInterval);

internal sealed record LocalReceiver(string Name, IReadOnlyList<LocalWebhook>? WebhookConfigs);

internal sealed record LocalWebhook(string Url, LocalHttpConfig? HttpConfig = null, bool SendResolved = true);

internal sealed record LocalHttpConfig(LocalAuthorization Authorization);

internal sealed record LocalAuthorization(string Credentials);
