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
