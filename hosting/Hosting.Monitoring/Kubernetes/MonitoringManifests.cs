using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting.Monitoring.Kubernetes;

/// <summary>All objects of monitoring in one environment.</summary>
internal static class MonitoringManifests
{
    public static IEnumerable<IResourceAnnotation> Of(DeploymentFactsContext context, IEnumerable<IResource> resources)
    {
        var all = resources.ToList();
        var graph = MonitoredGraph.Read(all, context.Environment);
        var links = context.Last<MonitoringLinksAnnotation>()?.Links ?? new();
        if (context.Last<PlaybooksAnnotation>() is { Project.Name: var playbooks })
        {
            links = links with
            {
                Runbooks = links.Runbooks
                    ?? PlaybooksAnnotation.Runbooks($"http://{playbooks}:{PlaybooksAnnotation.ServicePort}"),
            };
        }

        return ((IEnumerable<Manifest>)
        [
            .. PrometheusInstance.Of(context),
            .. PodMonitors.Of(graph),
            .. PrometheusRules.Of(graph, links),
            AlertmanagerInstance.Of(context),
            AlertRouting.Of(context, parameter => Secret(parameter, context.Environment, all)),
            .. GrafanaInstance.Of(graph),
            .. MonitoringPolicies.Of(context),
        ]).Select(m => new ManifestObjectAnnotation(Json.Of(m)));
    }

    /// <summary>Where publishing says that pods find a parameter.</summary>
    private static SecretKey Secret(ParameterResource parameter, string? environment, List<IResource> all)
    {
        var key = new EffectiveAnnotations(parameter, environment).Last<SecretKeyAnnotation>();
        var secret = all.SelectMany(r => r.Annotations.OfType<DeploymentEnvironmentAnnotation>()).Select(a => a.Environment)
            .FirstOrDefault(e => string.Equals(e.Name, environment, StringComparison.OrdinalIgnoreCase))?
            .Annotations.OfType<ParameterSecretAnnotation>().LastOrDefault()?.Secret;
        return new(key?.Secret ?? secret ?? ParameterSecretAnnotation.Default, key?.Key ?? parameter.Name);
    }
}

/// <summary>A Kubernetes object of a kind that operators or RBAC know.</summary>
internal sealed record Manifest(string ApiVersion, string Kind, ManifestMetadata Metadata)
{
    /// <summary>API of the Prometheus operator.</summary>
    public const string Monitoring = "monitoring.coreos.com/v1";

    /// <summary>API of the Grafana operator.</summary>
    public const string Grafana = "grafana.integreatly.org/v1beta1";

    public object? Spec { get; init; }

    public bool? AutomountServiceAccountToken { get; init; }

    public IReadOnlyList<PolicyRule>? Rules { get; init; }

    public RoleReference? RoleRef { get; init; }

    public IReadOnlyList<Subject>? Subjects { get; init; }

    /// <summary>An object that an operator finds by our label.</summary>
    public static Manifest Monitored(string apiVersion, string kind, string name, object spec) =>
        new(apiVersion, kind, new(name, MonitoringLabels.Monitored)) { Spec = spec };
}

internal sealed record ManifestMetadata(string Name, IReadOnlyDictionary<string, string>? Labels = null);

internal sealed record Selector(IReadOnlyDictionary<string, string>? MatchLabels = null)
{
    public static Selector Monitored { get; } = new(MonitoringLabels.Monitored);
}

internal sealed record PolicyRule(IReadOnlyList<string> ApiGroups, IReadOnlyList<string> Resources, IReadOnlyList<string> Verbs);

internal sealed record RoleReference(string ApiGroup, string Kind, string Name);

internal sealed record Subject(string Kind, string Name);

internal sealed record SecretKey(string Name, string Key);

/// <summary>
/// The one place of the labels by which operators find what belongs to them: a selector that misses its objects is silent, so
/// both sides are made of the same constant.
/// </summary>
internal static class MonitoringLabels
{
    public const string Name = "app.kubernetes.io/name";

    /// <summary>
    /// On monitors, rules, receivers, dashboards, data sources and Grafana itself, and in every selector for them.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Monitored { get; } =
        new Dictionary<string, string> { ["monorepo/monitoring"] = "true" };

    /// <summary>What the Prometheus operator puts on the pods of Prometheus.</summary>
    public static IReadOnlyDictionary<string, string> PrometheusPods { get; } =
        new Dictionary<string, string> { [Name] = "prometheus" };

    /// <summary>What the Prometheus operator puts on the pods of Alertmanager.</summary>
    public static IReadOnlyDictionary<string, string> AlertmanagerPods { get; } =
        new Dictionary<string, string> { [Name] = "alertmanager" };

    /// <summary>What the Grafana operator puts on the pods of a Grafana called <see cref="MonitoringNames.Grafana"/>.</summary>
    public static IReadOnlyDictionary<string, string> GrafanaPods { get; } =
        new Dictionary<string, string> { ["app"] = MonitoringNames.Grafana };

    /// <summary>
    /// What the charts of the Grafana operator put on its own pods, which write dashboards through Grafana's API.
    /// </summary>
    public static IReadOnlyDictionary<string, string> GrafanaOperatorPods { get; } =
        new Dictionary<string, string> { [Name] = "grafana-operator" };
}

/// <summary>Names of the instances, and of the Services that their operators make.</summary>
internal static class MonitoringNames
{
    public const string Prometheus = "prometheus";
    public const string PrometheusService = "prometheus-operated";
    public const int PrometheusPort = 9090;
    public const string Alertmanager = "alertmanager";
    public const string AlertmanagerService = "alertmanager-operated";
    public const int AlertmanagerPort = 9093;
    public const string Grafana = "grafana";
    public const int GrafanaPort = 3000;

    /// <summary>The name of the port in the operators' Services.</summary>
    public const string WebPort = "web";
}

/// <summary>What restricted Pod Security asks of pods.</summary>
internal sealed record PodSecurity(
    bool RunAsNonRoot, long RunAsUser, long RunAsGroup, long FsGroup, SeccompProfile SeccompProfile)
{
    public static PodSecurity Of(long user) => new(true, user, user, user, new("RuntimeDefault"));
}

internal sealed record SeccompProfile(string Type);

/// <summary>CPU and memory of a container.</summary>
internal sealed record ContainerResources(
    IReadOnlyDictionary<string, string> Requests, IReadOnlyDictionary<string, string> Limits)
{
    public static ContainerResources Of(string cpu, string memory, string memoryLimit) =>
        new(new SortedDictionary<string, string>
        {
            ["cpu"] = cpu,
            ["memory"] = memory,
        }, new SortedDictionary<string, string> { ["memory"] = memoryLimit });
}

/// <summary>A volume for each pod.</summary>
internal sealed record Storage(VolumeClaimTemplate VolumeClaimTemplate)
{
    public static Storage Of(string size, string? storageClass) => new(new VolumeClaimTemplate(new VolumeClaim(
        ["ReadWriteOnce"], new(new SortedDictionary<string, string> { ["storage"] = size }), storageClass)));
}

internal sealed record VolumeClaimTemplate(VolumeClaim Spec);

internal sealed record VolumeClaim(IReadOnlyList<string> AccessModes, VolumeRequest Resources, string? StorageClassName);

internal sealed record VolumeRequest(IReadOnlyDictionary<string, string> Requests);
