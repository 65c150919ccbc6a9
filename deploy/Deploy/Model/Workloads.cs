using MonoRepo.Deploy.Apply;

namespace MonoRepo.Deploy.Model;

/// <summary>Interchangeable pods.</summary>
internal sealed record Deployment(ObjectMeta Metadata, DeploymentSpec Spec) : KubernetesObject("apps/v1", "Deployment", Metadata);

/// <summary>Spec of a <see cref="Deployment"/>; no replicas where an autoscaler owns them.</summary>
internal sealed record DeploymentSpec(
    int? Replicas, int? MinReadySeconds, int? RevisionHistoryLimit, LabelSelector Selector, DeploymentStrategy Strategy,
    PodTemplate Template);

/// <summary>How a new template replaces an old one.</summary>
internal sealed record DeploymentStrategy(string Type, RollingUpdate? RollingUpdate);

/// <summary>Steps of a rolling update.</summary>
internal sealed record RollingUpdate(IntOrString? MaxSurge = null, IntOrString? MaxUnavailable = null);

/// <summary>Pods that keep name and volumes.</summary>
internal sealed record StatefulSet(ObjectMeta Metadata, StatefulSetSpec Spec)
    : KubernetesObject("apps/v1", "StatefulSet", Metadata);

/// <summary>Spec of a <see cref="StatefulSet"/>.</summary>
internal sealed record StatefulSetSpec(
    int? Replicas,
    int? RevisionHistoryLimit,
    string ServiceName,
    string PodManagementPolicy,
    LabelSelector Selector,
    StatefulSetStrategy UpdateStrategy,
    ClaimRetention? PersistentVolumeClaimRetentionPolicy,
    PodTemplate Template,
    IReadOnlyList<VolumeClaimTemplate>? VolumeClaimTemplates);

/// <summary>How members are replaced.</summary>
internal sealed record StatefulSetStrategy(string Type);

/// <summary>What becomes of claims when members go.</summary>
internal sealed record ClaimRetention(string WhenDeleted, string WhenScaled);

/// <summary>A claim that every member gets. It is immutable: nothing that changes belongs here.</summary>
internal sealed record VolumeClaimTemplate(
    [property: ModelName("apiVersion")] string ApiVersion, [property: ModelName("kind")] string Kind, ObjectMeta Metadata,
    VolumeClaimSpec Spec);

/// <summary>A claim of its own.</summary>
internal sealed record PersistentVolumeClaim(ObjectMeta Metadata, VolumeClaimSpec Spec)
    : KubernetesObject("v1", "PersistentVolumeClaim", Metadata);

/// <summary>Size and class of a claim.</summary>
internal sealed record VolumeClaimSpec(
    IReadOnlyList<string> AccessModes, string? StorageClassName, ResourceRequirements Resources);

/// <summary>Pods that run to their end.</summary>
internal sealed record Job(ObjectMeta Metadata, JobSpec Spec) : KubernetesObject("batch/v1", "Job", Metadata);

/// <summary>Spec of a <see cref="Job"/>.</summary>
internal sealed record JobSpec(int? BackoffLimit, int? TtlSecondsAfterFinished, PodTemplate Template);

/// <summary>Jobs on a schedule.</summary>
internal sealed record CronJob(ObjectMeta Metadata, CronJobSpec Spec) : KubernetesObject("batch/v1", "CronJob", Metadata);

/// <summary>Spec of a <see cref="CronJob"/>.</summary>
internal sealed record CronJobSpec(
    string Schedule, string TimeZone, string ConcurrencyPolicy, int SuccessfulJobsHistoryLimit,
    int FailedJobsHistoryLimit, JobTemplate JobTemplate);

/// <summary>What a <see cref="CronJob"/> starts.</summary>
internal sealed record JobTemplate(ObjectMeta Metadata, JobSpec Spec);
