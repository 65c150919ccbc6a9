using MonoRepo.Deploy.Apply;

namespace MonoRepo.Deploy.Model;

/// <summary>A name for pods.</summary>
internal sealed record Service(ObjectMeta Metadata, ServiceSpec Spec) : KubernetesObject("v1", "Service", Metadata);

/// <summary>Spec of a <see cref="Service"/>; <c>clusterIP: None</c> makes it headless: its name resolves to every pod.</summary>
internal sealed record ServiceSpec(
    string? Type,
    [property: ModelName("clusterIP")] string? ClusterIP,
    bool? PublishNotReadyAddresses,
    IReadOnlyDictionary<string, string> Selector,
    IReadOnlyList<ServicePort> Ports);

internal sealed record ServicePort(
    string Name, int Port, IntOrString TargetPort, string? AppProtocol = null, string? Protocol = null);

/// <summary>The identity of pods.</summary>
internal sealed record ServiceAccount(ObjectMeta Metadata, bool AutomountServiceAccountToken)
    : KubernetesObject("v1", "ServiceAccount", Metadata);

/// <summary>Replicas by load.</summary>
internal sealed record HorizontalPodAutoscaler(ObjectMeta Metadata, HorizontalPodAutoscalerSpec Spec)
    : KubernetesObject("autoscaling/v2", "HorizontalPodAutoscaler", Metadata);

/// <summary>Spec of a <see cref="HorizontalPodAutoscaler"/>.</summary>
internal sealed record HorizontalPodAutoscalerSpec(
    CrossVersionReference ScaleTargetRef, int MinReplicas, int MaxReplicas, IReadOnlyList<MetricSpec> Metrics);

/// <summary>An object by version, kind and name.</summary>
internal sealed record CrossVersionReference(string ApiVersion, string Kind, string Name);

/// <summary>What replicas follow.</summary>
internal sealed record MetricSpec(string Type, ResourceMetric Resource);

/// <summary>Use of CPU or memory.</summary>
internal sealed record ResourceMetric(string Name, MetricTarget Target);

/// <summary>The wanted use.</summary>
internal sealed record MetricTarget(string Type, int AverageUtilization);

/// <summary>How many pods may be gone at once by intent.</summary>
internal sealed record PodDisruptionBudget(ObjectMeta Metadata, PodDisruptionBudgetSpec Spec)
    : KubernetesObject("policy/v1", "PodDisruptionBudget", Metadata);

/// <summary>Spec of a <see cref="PodDisruptionBudget"/>.</summary>
internal sealed record PodDisruptionBudgetSpec(
    IntOrString MaxUnavailable, string UnhealthyPodEvictionPolicy, LabelSelector Selector);
