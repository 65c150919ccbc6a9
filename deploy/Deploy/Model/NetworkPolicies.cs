namespace MonoRepo.Deploy.Model;

/// <summary>Who may talk to whom.</summary>
public sealed record NetworkPolicy(ObjectMeta Metadata, NetworkPolicySpec Spec) : KubernetesObject("networking.k8s.io/v1", "NetworkPolicy", Metadata);

/// <summary>Spec of a <see cref="NetworkPolicy"/>; a direction among the types without a rule is closed.</summary>
public sealed record NetworkPolicySpec(
    [property: KeepEmpty] LabelSelector PodSelector,
    IReadOnlyList<string> PolicyTypes,
    IReadOnlyList<IngressRule>? Ingress = null,
    IReadOnlyList<EgressRule>? Egress = null);

/// <summary>Who may come.</summary>
public sealed record IngressRule(IReadOnlyList<PolicyPeer>? From, IReadOnlyList<PolicyPort> Ports);

/// <summary>Where one may go; no peer means anywhere.</summary>
public sealed record EgressRule(IReadOnlyList<PolicyPeer>? To, IReadOnlyList<PolicyPort> Ports);

/// <summary>Pods, namespaces or addresses.</summary>
public sealed record PolicyPeer(
    LabelSelector? PodSelector = null, [property: KeepEmpty] LabelSelector? NamespaceSelector = null, IpBlock? IpBlock = null);

/// <summary>Addresses.</summary>
public sealed record IpBlock(string Cidr);

/// <summary>A port.</summary>
public sealed record PolicyPort(int Port, string Protocol = "TCP");
