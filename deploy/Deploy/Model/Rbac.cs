namespace MonoRepo.Deploy.Model;

/// <summary>What is allowed in a namespace.</summary>
internal sealed record Role(ObjectMeta Metadata, IReadOnlyList<PolicyRule> Rules)
    : KubernetesObject("rbac.authorization.k8s.io/v1", "Role", Metadata);

/// <summary>What is allowed in all namespaces, or of what belongs to none.</summary>
internal sealed record ClusterRole(ObjectMeta Metadata, IReadOnlyList<PolicyRule> Rules)
    : KubernetesObject("rbac.authorization.k8s.io/v1", "ClusterRole", Metadata);

/// <summary>Gives a role to somebody, in its namespace.</summary>
internal sealed record RoleBinding(ObjectMeta Metadata, RoleRef RoleRef, IReadOnlyList<RoleSubject> Subjects)
    : KubernetesObject("rbac.authorization.k8s.io/v1", "RoleBinding", Metadata);

/// <summary>Gives a ClusterRole to somebody.</summary>
internal sealed record ClusterRoleBinding(ObjectMeta Metadata, RoleRef RoleRef, IReadOnlyList<RoleSubject> Subjects)
    : KubernetesObject("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", Metadata);

/// <summary>Verbs on resources of API groups; the core group has no name.</summary>
internal sealed record PolicyRule(
    [property: KeepEmpty] IReadOnlyList<string> ApiGroups, IReadOnlyList<string> Resources, IReadOnlyList<string> Verbs,
    IReadOnlyList<string>? ResourceNames = null);

internal sealed record RoleRef(string ApiGroup, string Kind, string Name);

/// <summary>To whom.</summary>
internal sealed record RoleSubject(string Kind, string Name, string? Namespace = null, string? ApiGroup = null);
