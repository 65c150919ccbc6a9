using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Rendering;

/// <summary>
/// The strategic merge patch that turns one object into another: what changed and nothing else, so that an overlay reads as the
/// list of its differences. Removed fields become <c>null</c>; a keyed list whose items come and go is replaced as a whole,
/// because kustomize would put new items first.
/// </summary>
internal static class PatchDifference
{
    /// <summary>The patch, or null where the two are equal.</summary>
    public static YamlMap? Between(YamlMap from, YamlMap to)
    {
        var apiVersion = to.Text("apiVersion")!;
        var kind = to.Text("kind")!;
        var changes = Maps(from, to, new(apiVersion, kind), "");
        if (changes.Count == 0)
        {
            return null;
        }

        var metadata = new YamlMap().Add("name", to.Map("metadata")!.Text("name")!);
        foreach (var (key, value) in changes.Map("metadata") ?? [])
        {
            metadata.Add(key, value);
        }

        var patch = new YamlMap().Add("apiVersion", apiVersion).Add("kind", kind).Add("metadata", metadata);
        foreach (var (key, value) in changes)
        {
            if (key != "metadata")
            {
                patch.Add(key, value);
            }
        }

        return patch;
    }

    private static YamlMap Maps(YamlMap from, YamlMap to, ObjectType type, string field)
    {
        var changes = new YamlMap();
        foreach (var (key, before) in from)
        {
            if (!to.TryGet(key, out var after))
            {
                changes.Add(key, YamlScalar.Null);
            }
            else if (Nodes(before, after, type, key, field) is { } change)
            {
                changes.Add(key, change);
            }
        }

        foreach (var (key, after) in to)
        {
            if (from[key] is null)
            {
                changes.Add(key, after);
            }
        }

        return changes;
    }

    private static YamlNode? Nodes(YamlNode before, YamlNode after, ObjectType type, string field, string parent)
    {
        if (YamlNode.DeepEquals(before, after))
        {
            return null;
        }

        return (before, after) switch
        {
            (YamlMap a, YamlMap b) => Maps(a, b, type, field),
            (YamlList a, YamlList b) => Lists(a, b, type, field, parent),
            _ => after,
        };
    }

    private static YamlList Lists(YamlList before, YamlList after, ObjectType type, string field, string parent)
    {
        if (MergeKeys.For(type.ApiVersion, type.Kind, field, parent) is not { } keys)
        {
            return after;
        }

        if (!SameItems(before, after, keys))
        {
            return new YamlList([new YamlMap().Add("$patch", "replace"), .. after]);
        }

        return Items(before, after, type, field, keys);
    }

    /// <summary>
    /// kustomize puts the items of a patch first, so those before a changed one are named too: the order of variables matters.
    /// </summary>
    private static YamlList Items(YamlList before, YamlList after, ObjectType type, string field, string[] keys)
    {
        var changes = before.Zip(after, (a, b) => Maps((YamlMap)a, (YamlMap)b, type, field)).ToList();
        var last = changes.FindLastIndex(c => c.Count > 0);
        var items = new YamlList();
        for (var i = 0; i <= last; i++)
        {
            var item = new YamlMap();
            foreach (var key in keys)
            {
                item[key] = ((YamlMap)after[i])[key];
            }

            foreach (var (name, value) in changes[i])
            {
                item.Add(name, value);
            }

            items.Add(item);
        }

        return items;
    }

    private static bool SameItems(YamlList before, YamlList after, string[] keys) =>
        before.Count == after.Count && before.Zip(after).All(pair => MergeKeys.Same(pair.First, pair.Second, keys));

    private readonly record struct ObjectType(string ApiVersion, string Kind);
}
