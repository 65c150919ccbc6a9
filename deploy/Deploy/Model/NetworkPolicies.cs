namespace MonoRepo.Deploy.Model;

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
