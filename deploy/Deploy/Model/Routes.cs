namespace MonoRepo.Deploy.Model;

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
