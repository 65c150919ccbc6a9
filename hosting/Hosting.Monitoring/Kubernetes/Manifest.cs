namespace MonoRepo.Hosting.Monitoring.Kubernetes;

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
