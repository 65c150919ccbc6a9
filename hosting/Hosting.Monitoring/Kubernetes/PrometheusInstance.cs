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
