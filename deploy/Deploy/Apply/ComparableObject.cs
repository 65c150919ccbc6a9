using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Apply;

/// <summary>An object without what the cluster keeps about it.</summary>
internal static class ComparableObject
{
    private static readonly string[] s_bookkeeping =
        ["managedFields", "resourceVersion", "uid", "creationTimestamp", "generation", "selfLink", "ownerReferences"];

    // Counted by the Deployment's controller, some time after the change.
    private const string Revision = "deployment.kubernetes.io/revision";

    public static string Text(YamlMap one)
    {
        // Where they stand depends on how it was read: items of a list don't have them.
        var copy = new YamlMap().Add("apiVersion", one.Text("apiVersion") ?? "").Add("kind", one.Text("kind") ?? "");
        foreach (var (field, value) in one.Where(f => f.Key is not ("apiVersion" or "kind" or "status")))
        {
            copy.Add(field, value.Clone());
        }

        foreach (var field in s_bookkeeping)
        {
            copy.Map("metadata")![field] = null;
        }

        if (copy.Map("metadata")?.Map("annotations") is { } annotations)
        {
            annotations[Revision] = null;
        }

        return YamlWriter.ToText(copy);
    }

    /// <summary>What is wanted is there; the API adds defaults of its own, and leaves out what is empty.</summary>
    public static bool Contains(YamlNode? live, YamlNode? wanted) => (wanted, live) switch
    {
        (YamlMap { Count: 0 } or YamlList { Count: 0 }, null) => true,
        (YamlScalar a, YamlScalar b) => a.Text == b.Text,
        (YamlMap a, YamlMap b) => a.All(e => Contains(b[e.Key], e.Value)),
        (YamlList a, YamlList b) => a.Count == b.Count && a.Zip(b).All(p => Contains(p.Second, p.First)),
        _ => false,
    };

    /// <summary>
    /// <paramref name="live"/> with what <paramref name="wanted"/> states in its place: how a replaced object looks.
    /// </summary>
    public static YamlMap Merge(YamlMap live, YamlMap wanted)
    {
        var merged = (YamlMap)live.Clone();
        foreach (var (key, value) in wanted)
        {
            merged[key] = value is YamlMap map && merged.Map(key) is { } below ? Merge(below, map)
                : value is YamlList list && merged.List(key) is { } items && items.Count == list.Count
                    ? new YamlList(list.Zip(items).Select(p => p is (YamlMap w, YamlMap l) ? Merge(l, w) : p.First))
                : value.Clone();
        }

        return merged;
    }
}
