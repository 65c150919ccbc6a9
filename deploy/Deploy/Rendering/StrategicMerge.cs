using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Rendering;

/// <summary>
/// Applies a strategic merge patch as kustomize does: in keyed lists the patch's items come first, <c>null</c> removes,
/// <c>$patch</c> directs.
/// </summary>
internal static class StrategicMerge
{
    /// <summary>Changes <paramref name="target"/> in place; false where the patch deletes it.</summary>
    public static bool Apply(YamlMap target, YamlMap patch)
    {
        var type = (target.Text("apiVersion") ?? "", target.Text("kind") ?? "");
        switch (patch.Text("$patch"))
        {
            case "delete":
                return false;
            case "replace":
                foreach (var (key, _) in target.ToList())
                {
                    if (patch[key] is null)
                    {
                        target[key] = null;
                    }
                }

                foreach (var (key, value) in patch.Where(e => e.Key != "$patch"))
                {
                    target[key] = value.Clone();
                }

                return true;
            default:
                Merge(target, patch, type, "");
                return true;
        }
    }

    private static void Merge(YamlMap target, YamlMap patch, (string ApiVersion, string Kind) type, string field)
    {
        foreach (var (key, value) in patch)
        {
            if (key == "$patch")
            {
                continue;
            }

            target[key] = value switch
            {
                YamlScalar { Kind: YamlScalarKind.Null } => null,
                YamlMap map => Map(target.Map(key), map, type, key),
                YamlList list => List(target.List(key), list, type, key, field),
                _ => value,
            };
        }
    }

    private static YamlMap? Map(YamlMap? target, YamlMap patch, (string, string) type, string field)
    {
        if (patch.Text("$patch") == "delete")
        {
            return null;
        }

        var merged = target is null || patch.Text("$patch") == "replace" ? new YamlMap() : target;
        Merge(merged, patch, type, field);
        return merged;
    }

    private static YamlList List(
        YamlList? target, YamlList patch, (string ApiVersion, string Kind) type, string field, string parent)
    {
        var keys = MergeKeys.For(type.ApiVersion, type.Kind, field, parent);
        var replaces = patch.OfType<YamlMap>().Any(i => i.Text("$patch") == "replace" && i.Count == 1);
        if (keys is null || replaces)
        {
            return new YamlList(patch.Where(i => i is not YamlMap { Count: 1 } directive || directive.Text("$patch") != "replace")
                .Select(i => i.Clone()));
        }

        var rest = target ?? new YamlList();
        var merged = new YamlList();
        foreach (var item in patch.OfType<YamlMap>())
        {
            var at = IndexOf(rest, item, keys);
            var existing = at < 0 ? null : (YamlMap)rest[at];
            if (existing is not null)
            {
                rest.RemoveAt(at);
            }

            if (item.Text("$patch") != "delete")
            {
                merged.Add(Map(existing, item, type, field)!);
            }
        }

        foreach (var item in rest)
        {
            merged.Add(item);
        }

        return merged;
    }

    private static int IndexOf(YamlList list, YamlMap item, string[] keys)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (MergeKeys.Same(list[i], item, keys))
            {
                return i;
            }
        }

        return -1;
    }
}

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
