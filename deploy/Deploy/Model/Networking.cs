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

/// <summary>Who may talk to whom.</summary>
internal sealed record NetworkPolicy(ObjectMeta Metadata, NetworkPolicySpec Spec)
    : KubernetesObject("networking.k8s.io/v1", "NetworkPolicy", Metadata);

/// <summary>Spec of a <see cref="NetworkPolicy"/>; a direction among the types without a rule is closed.</summary>
internal sealed record NetworkPolicySpec(
    [property: KeepEmpty] LabelSelector PodSelector,
    IReadOnlyList<string> PolicyTypes,
    IReadOnlyList<IngressRule>? Ingress = null,
    IReadOnlyList<EgressRule>? Egress = null);

/// <summary>Who may come.</summary>
internal sealed record IngressRule(IReadOnlyList<PolicyPeer>? From, IReadOnlyList<PolicyPort> Ports);

/// <summary>Where one may go; no peer means anywhere.</summary>
internal sealed record EgressRule(IReadOnlyList<PolicyPeer>? To, IReadOnlyList<PolicyPort> Ports);

/// <summary>Pods, namespaces or addresses.</summary>
internal sealed record PolicyPeer(
    LabelSelector? PodSelector = null, [property: KeepEmpty] LabelSelector? NamespaceSelector = null, IpBlock? IpBlock = null);

/// <summary>Addresses.</summary>
internal sealed record IpBlock(string Cidr);

internal sealed record PolicyPort(int Port, string Protocol = "TCP");

/// <summary>A way in through an ingress controller.</summary>
internal sealed record Ingress(ObjectMeta Metadata, IngressSpec Spec)
    : KubernetesObject("networking.k8s.io/v1", "Ingress", Metadata);

/// <summary>Spec of an <see cref="Ingress"/>.</summary>
internal sealed record IngressSpec(string IngressClassName, IReadOnlyList<IngressTls>? Tls, IReadOnlyList<IngressHostRule> Rules);

/// <summary>The certificate of host names.</summary>
internal sealed record IngressTls(IReadOnlyList<string> Hosts, string SecretName);

/// <summary>What a host name leads to.</summary>
internal sealed record IngressHostRule(string Host, IngressHttp Http);

/// <summary>Paths of a host.</summary>
internal sealed record IngressHttp(IReadOnlyList<IngressPath> Paths);

/// <summary>What a path leads to.</summary>
internal sealed record IngressPath(string Path, string PathType, IngressBackend Backend);

internal sealed record IngressBackend(IngressService Service);

internal sealed record IngressService(string Name, IngressPort Port);

internal sealed record IngressPort(int Number);

/// <summary>A Gateway API route: an HTTPRoute or a GRPCRoute.</summary>
internal sealed record GatewayRoute(string Kind, ObjectMeta Metadata, GatewayRouteSpec Spec)
    : KubernetesObject("gateway.networking.k8s.io/v1", Kind, Metadata);

/// <summary>Spec of a <see cref="GatewayRoute"/>.</summary>
internal sealed record GatewayRouteSpec(
    IReadOnlyList<ParentReference> ParentRefs, IReadOnlyList<string> Hostnames, IReadOnlyList<GatewayRule> Rules);

/// <summary>The Gateway that a route attaches to.</summary>
internal sealed record ParentReference(string Name, string Namespace, string? SectionName);

/// <summary>Where requests go.</summary>
internal sealed record GatewayRule(IReadOnlyList<BackendReference> BackendRefs);

/// <summary>A port of a service.</summary>
internal sealed record BackendReference(string Name, int Port);
