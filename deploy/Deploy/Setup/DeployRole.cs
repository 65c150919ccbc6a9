using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Setup;

/// <summary>What those may do who deploy an environment, in its namespace: the deployer, and groups of people.</summary>
internal static class DeployRole
{
    private const string RbacGroup = "rbac.authorization.k8s.io";
    private static readonly string[] s_all = ["get", "list", "watch", "create", "update", "patch", "delete"];
    private static readonly string[] s_read = ["get", "list", "watch"];

    // A web socket is opened by a GET.
    private static readonly string[] s_connect = ["get", "create"];

    /// <summary>
    /// What environments consist of. Roles without <c>escalate</c> and <c>bind</c>, so that they never say more than this one,
    /// which is why it reads what a Prometheus finds its targets by. Secrets are read, to see which keys are there.
    /// </summary>
    public static IReadOnlyList<PolicyRule> Rules { get; } =
    [
        new([""], ["configmaps", "services", "serviceaccounts", "persistentvolumeclaims", "resourcequotas", "limitranges"],
            s_all),
        new([""], ["pods", "secrets", "events", "endpoints", "pods/log"], s_read),
        new([""], ["pods/exec"], s_connect),
        new(["events.k8s.io"], ["events"], ["create"]),
        new(["apps"], ["deployments", "statefulsets", "daemonsets"], s_all),
        new(["apps"], ["replicasets", "controllerrevisions"], s_read),
        new(["batch"], ["jobs", "cronjobs"], s_all),
        new(["autoscaling"], ["horizontalpodautoscalers"], s_all),
        new(["policy"], ["poddisruptionbudgets"], s_all),
        new(["networking.k8s.io"], ["networkpolicies", "ingresses"], s_all),
        new(["discovery.k8s.io"], ["endpointslices"], s_read),
        new([RbacGroup], ["roles", "rolebindings"], s_all),
        new(["gateway.networking.k8s.io"], ["httproutes", "grpcroutes"], s_all),
        new(["monitoring.coreos.com", "grafana.integreatly.org"], ["*"], s_all),
    ];

    /// <summary>Reaches pods through the API server: for <c>port-forward</c>, and to ask Prometheus about a canary.</summary>
    public static PolicyRule PortForward { get; } = new([""], ["pods/portforward"], s_connect);

    // `secrets set`, `secrets rotate --restart-together`, `port-forward`
    private static readonly PolicyRule[] s_people =
    [new([""], ["secrets"], ["create", "update", "patch"]), new([""], ["pods"], ["delete"]), PortForward];

    /// <summary>The role of people, bound to their groups.</summary>
    public static IReadOnlyList<YamlMap> For(IReadOnlyList<string> groups, string @namespace, string application)
    {
        var metadata = new ObjectMeta($"{application}-deploy", KubernetesLabels.Labels(KubernetesLabels.Environment, application))
        {
            Namespace = @namespace,
        };
        return groups.Count == 0 ? [] :
        [
            ModelSerializer.ToMap(new Role(metadata, [.. Rules, .. s_people])),
            ModelSerializer.ToMap(new RoleBinding(
                metadata, new(RbacGroup, "Role", metadata.Name!),
                [.. groups.Select(g => new RoleSubject("Group", g, ApiGroup: RbacGroup))])),
        ];
    }
}
