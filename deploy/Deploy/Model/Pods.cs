namespace MonoRepo.Deploy.Model;

/// <summary>What every pod of a workload looks like.</summary>
internal sealed record PodTemplate(ObjectMeta Metadata, PodSpec Spec);

internal sealed record PodSpec
{
    public string? ServiceAccountName { get; init; }
    public bool? AutomountServiceAccountToken { get; init; }
    public bool? EnableServiceLinks { get; init; }
    public string? PriorityClassName { get; init; }
    public string? RestartPolicy { get; init; }
    public long? TerminationGracePeriodSeconds { get; init; }
    public PodSecurityContext? SecurityContext { get; init; }
    public IReadOnlyList<LocalObjectReference>? ImagePullSecrets { get; init; }
    public IReadOnlyList<TopologySpreadConstraint>? TopologySpreadConstraints { get; init; }
    public IReadOnlyList<Container>? InitContainers { get; init; }
    public required IReadOnlyList<Container> Containers { get; init; }
    public IReadOnlyList<Volume>? Volumes { get; init; }
}

/// <summary>A name of an object of a known kind.</summary>
internal sealed record LocalObjectReference(string Name);

/// <summary>Spreading over places.</summary>
internal sealed record TopologySpreadConstraint(
    int MaxSkew, string TopologyKey, string WhenUnsatisfiable, LabelSelector LabelSelector,
    IReadOnlyList<string>? MatchLabelKeys = null);

/// <summary>Security of all containers of a pod.</summary>
internal sealed record PodSecurityContext(
    bool? RunAsNonRoot, long? RunAsUser, long? RunAsGroup, long? FsGroup, string? FsGroupChangePolicy,
    SeccompProfile? SeccompProfile);

/// <summary>System call filter.</summary>
internal sealed record SeccompProfile(string Type);
