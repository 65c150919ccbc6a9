using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Rendering;

/// <summary>
/// Which lists are merged item by item, and by which fields; all others are replaced as a whole. From the
/// <c>x-kubernetes-list-map-keys</c> of the API's own schema, as far as this project writes such lists. Custom resources have no
/// such lists for kustomize.
/// </summary>
internal static class MergeKeys
{
    private static readonly string[] s_name = ["name"];
    private static readonly string[] s_mount = ["mountPath"];
    private static readonly string[] s_spread = ["topologyKey", "whenUnsatisfiable"];
    private static readonly string[] s_servicePort = ["port", "protocol"];
    private static readonly string[] s_containerPort = ["containerPort", "protocol"];

    public static string[]? For(string apiVersion, string kind, string field, string parent) => field switch
    {
        _ when !IsBuiltIn(apiVersion) => null,
        "containers" or "initContainers" or "volumes" or "env" => s_name,
        "imagePullSecrets" when parent == "spec" || kind == "ServiceAccount" => s_name,
        "volumeMounts" => s_mount,
        "topologySpreadConstraints" => s_spread,
        "ports" when kind == "Service" => s_servicePort,
        "ports" when parent is "containers" or "initContainers" => s_containerPort,
        _ => null,
    };

    /// <summary>Whether two items are the same one; a key that neither has does not count.</summary>
    public static bool Same(YamlNode left, YamlNode right, string[] keys) =>
        left is YamlMap a && right is YamlMap b && a.Text(keys[0]) is not null && keys.All(k => a.Text(k) == b.Text(k));

    private static bool IsBuiltIn(string apiVersion) =>
        !apiVersion.Contains('/', StringComparison.Ordinal) || apiVersion.StartsWith("apps/", StringComparison.Ordinal)
        || apiVersion.StartsWith("batch/", StringComparison.Ordinal)
        || apiVersion.StartsWith("policy/", StringComparison.Ordinal)
        || apiVersion.StartsWith("autoscaling/", StringComparison.Ordinal)
        || apiVersion.StartsWith("networking.k8s.io/", StringComparison.Ordinal);
}
