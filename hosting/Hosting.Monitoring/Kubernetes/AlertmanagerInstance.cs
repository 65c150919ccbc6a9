namespace MonoRepo.Hosting.Monitoring.Kubernetes;

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
