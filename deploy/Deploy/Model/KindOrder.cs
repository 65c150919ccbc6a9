using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Model;

/// <summary>The order in which objects are written: what others need first, then by name.</summary>
internal static class KindOrder
{
    private static readonly string[] s_kinds =
    [
        "Namespace", "ResourceQuota", "LimitRange", "ServiceAccount", "Role", "RoleBinding", "ConfigMap", "PersistentVolumeClaim",
        "Service", "Deployment",
        "StatefulSet", "Job", "CronJob", "HorizontalPodAutoscaler", "PodDisruptionBudget", "NetworkPolicy", "Ingress",
        "HTTPRoute", "GRPCRoute",
    ];

    /// <summary>Sorts; kinds that are not known here come last, by their name.</summary>
    public static List<YamlMap> Sort(IEnumerable<YamlMap> objects) =>
    [
        .. objects.OrderBy(o => Of(o.Text("kind")!)).ThenBy(
            o => o.Text("kind"), StringComparer.Ordinal).ThenBy(o => o.Map("metadata")?.Text("name"), StringComparer.Ordinal),
    ];

    private static int Of(string kind) => Array.IndexOf(s_kinds, kind) is >= 0 and var order ? order : s_kinds.Length;
}
