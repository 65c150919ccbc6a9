namespace MonoRepo.Deploy.Model;

/// <summary>A way in through an ingress controller.</summary>
public sealed record Ingress(ObjectMeta Metadata, IngressSpec Spec) : KubernetesObject("networking.k8s.io/v1", "Ingress", Metadata);

/// <summary>Spec of an <see cref="Ingress"/>.</summary>
public sealed record IngressSpec(string IngressClassName, IReadOnlyList<IngressTls>? Tls, IReadOnlyList<IngressHostRule> Rules);

/// <summary>The certificate of host names.</summary>
public sealed record IngressTls(IReadOnlyList<string> Hosts, string SecretName);

/// <summary>What a host name leads to.</summary>
public sealed record IngressHostRule(string Host, IngressHttp Http);

/// <summary>Paths of a host.</summary>
public sealed record IngressHttp(IReadOnlyList<IngressPath> Paths);

/// <summary>What a path leads to.</summary>
public sealed record IngressPath(string Path, string PathType, IngressBackend Backend);

/// <summary>A service.</summary>
public sealed record IngressBackend(IngressService Service);

/// <summary>A port of a service.</summary>
public sealed record IngressService(string Name, IngressPort Port);

/// <summary>A port by number.</summary>
public sealed record IngressPort(int Number);

/// <summary>A Gateway API route: an HTTPRoute or a GRPCRoute.</summary>
public sealed record GatewayRoute(string Kind, ObjectMeta Metadata, GatewayRouteSpec Spec)
    : KubernetesObject("gateway.networking.k8s.io/v1", Kind, Metadata);

/// <summary>Spec of a <see cref="GatewayRoute"/>.</summary>
public sealed record GatewayRouteSpec(IReadOnlyList<ParentReference> ParentRefs, IReadOnlyList<string> Hostnames, IReadOnlyList<GatewayRule> Rules);

/// <summary>The Gateway that a route attaches to.</summary>
public sealed record ParentReference(string Name, string Namespace, string? SectionName);

/// <summary>Where requests go.</summary>
public sealed record GatewayRule(IReadOnlyList<BackendReference> BackendRefs);

/// <summary>A port of a service.</summary>
public sealed record BackendReference(string Name, int Port);
