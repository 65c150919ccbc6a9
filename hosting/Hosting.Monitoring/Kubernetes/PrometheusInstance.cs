using MonoRepo.Hosting.Monitoring.Prometheus;

namespace MonoRepo.Hosting.Monitoring.Kubernetes;

/// <summary>Prometheus itself, and the right to see the pods of its own namespace.</summary>
internal static class PrometheusInstance
{
    private const long User = 65534; // "nobody", which the image runs as
    private const string Rbac = "rbac.authorization.k8s.io";
    private static readonly string[] s_look = ["get", "list", "watch"];

    /// <summary>An error budget is of 30 days.</summary>
    private static readonly TimeSpan s_retention = TimeSpan.FromDays(31);

    public static IEnumerable<Manifest> Of(DeploymentFactsContext context)
    {
        const string name = MonitoringNames.Prometheus;
        yield return new("v1", "ServiceAccount", new(name)) { AutomountServiceAccountToken = true };
        yield return new($"{Rbac}/v1", "Role", new(name))
        {
            Rules = [new([""], ["pods", "services", "endpoints"], s_look), new(["discovery.k8s.io"], ["endpointslices"], s_look)],
        };
        yield return new($"{Rbac}/v1", "RoleBinding", new(name))
        {
            RoleRef = new(Rbac, "Role", name),
            Subjects = [new("ServiceAccount", name)],
        };
        yield return new Manifest(Manifest.Monitoring, "Prometheus", new(name)) { Spec = Spec(context) };
    }

    private static PrometheusSpec Spec(DeploymentFactsContext context) => new(
        $"{MonitoringImages.PrometheusRegistry}/{MonitoringImages.Prometheus}:{MonitoringImages.PrometheusTag}",
        MonitoringImages.PrometheusTag,
        1,
        MonitoringNames.Prometheus,
        "15s",
        "15s",
        context.Environment is { } environment ? new(environment) : null,
        PromDuration.Of(context.Last<RetentionAnnotation>()?.Time ?? s_retention),
        ["exemplar-storage"],
        Selector.Monitored,
        Selector.Monitored,
        Selector.Monitored,
        new([new(MonitoringNames.AlertmanagerService, MonitoringNames.WebPort)]),
        Storage.Of(context.Last<StorageAnnotation>()?.Size ?? "10Gi", context.Last<StorageAnnotation>()?.StorageClass),
        PodSecurity.Of(User),
        ContainerResources.Of("100m", "400Mi", "2Gi"));
}

/// <summary>Spec of a Prometheus; it looks into its own namespace only, as long as no namespace selector is stated.</summary>
internal sealed record PrometheusSpec(
    string Image,
    string Version,
    int Replicas,
    string ServiceAccountName,
    string ScrapeInterval,
    string EvaluationInterval,
    ExternalLabels? ExternalLabels,
    string Retention,
    IReadOnlyList<string> EnableFeatures,
    Selector PodMonitorSelector,
    Selector ServiceMonitorSelector,
    Selector RuleSelector,
    Alerting Alerting,
    Storage Storage,
    PodSecurity SecurityContext,
    ContainerResources Resources);

/// <summary>
/// What every alert says besides: whoever is told of several environments sees which one it is, and silences are of one.
/// </summary>
internal sealed record ExternalLabels(string Environment);

internal sealed record Alerting(IReadOnlyList<AlertmanagerEndpoint> Alertmanagers);

internal sealed record AlertmanagerEndpoint(string Name, string Port);

/// <summary>Rules by the resource that they belong to: a change of one service is a change of one object.</summary>
internal static class PrometheusRules
{
    public static IEnumerable<Manifest> Of(MonitoredGraph graph, MonitoringLinks links) =>
        RuleSet.Of(graph, links).Append((Owner: "volumes", File: new([TargetRules.Volumes(new(links))])))
            .Select(r => Manifest.Monitored(Manifest.Monitoring, "PrometheusRule", r.Owner, r.File));
}

/// <summary>
/// A PodMonitor for each scraped resource: by pod, so that each is its own target and ready or not makes no difference. The
/// playbooks are asked for the history.
/// </summary>
internal static class PodMonitors
{
    public static IEnumerable<Manifest> Of(MonitoredGraph graph) => graph.Scraped.Concat(
        graph.Playbooks is { Metrics: not null } playbooks ? [playbooks] : []).Select(r => Manifest.Monitored(
        Manifest.Monitoring,
        "PodMonitor",
        r.Name,
        new PodMonitorSpec(
            new(new Dictionary<string, string> { [MonitoringLabels.Name] = r.Name }),
            MonitoringLabels.Name,
            [new(PortNames.Of(r.Metrics!.Endpoint), r.Metrics.Path)])));
}

internal sealed record PodMonitorSpec(Selector Selector, string JobLabel, IReadOnlyList<PodMetricsEndpoint> PodMetricsEndpoints);

internal sealed record PodMetricsEndpoint(string Port, string Path);

/// <summary>Alertmanager itself.</summary>
internal static class AlertmanagerInstance
{
    private const long User = 65534;

    /// <summary>For silences, and for who was told of what.</summary>
    private const string Size = "1Gi";

    public static Manifest Of(DeploymentFactsContext context) =>
        new(Manifest.Monitoring, "Alertmanager", new(MonitoringNames.Alertmanager))
        {
            Spec = new AlertmanagerSpec(
                $"{MonitoringImages.PrometheusRegistry}/{MonitoringImages.Alertmanager}:{MonitoringImages.AlertmanagerTag}",
                MonitoringImages.AlertmanagerTag,
                1,
                AutomountServiceAccountToken: false,
                Selector.Monitored,
                // Alerts that are sums over pods have no label "namespace", which the operator would ask for otherwise.
                new("None"),
                Storage.Of(Size, context.Last<StorageAnnotation>()?.StorageClass),
                PodSecurity.Of(User),
                ContainerResources.Of("10m", "64Mi", "256Mi")),
        };
}

internal sealed record AlertmanagerSpec(
    string Image,
    string Version,
    int Replicas,
    bool AutomountServiceAccountToken,
    Selector AlertmanagerConfigSelector,
    MatcherStrategy AlertmanagerConfigMatcherStrategy,
    Storage Storage,
    PodSecurity SecurityContext,
    ContainerResources Resources);

internal sealed record MatcherStrategy(string Type);
