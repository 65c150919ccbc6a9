using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Apply;

/// <summary>
/// Which objects of an environment are ours. It never lists less than there is: it grows before an apply and shrinks after it.
/// </summary>
/// <param name="ResourceVersion">Version of the ConfigMap that this was read from; null: there is none yet.</param>
internal sealed record Inventory(IReadOnlyList<InventoryEntry> Entries, string? ResourceVersion)
{
    /// <summary>No object, and no ConfigMap.</summary>
    public static readonly Inventory None = new([], null);

    /// <summary>With more objects. One that is listed already and worked stays so.</summary>
    public Inventory Union(IEnumerable<InventoryEntry> more)
    {
        var known = Entries.ToDictionary(e => e.Key);
        return With(Entries.Concat(more).GroupBy(e => e.Key).Select(g => g.Last() with
        {
            IsPending = known.TryGetValue(g.Key, out var earlier) ? earlier.IsPending : g.Last().IsPending
        }));
    }

    /// <summary>Without some objects.</summary>
    public Inventory Without(IReadOnlySet<ObjectKey> keys) => With(Entries.Where(e => !keys.Contains(e.Key)));

    /// <summary>Some objects were seen to work.</summary>
    public Inventory Done(IReadOnlySet<ObjectKey> keys) =>
        With(Entries.Select(e => keys.Contains(e.Key) ? e with { IsPending = false } : e));

    /// <summary>The objects as text, a line each.</summary>
    public string Text => string.Concat(Entries.Select(e => $"{e}\n"));

    private Inventory With(IEnumerable<InventoryEntry> entries) =>
        this with
        {
            Entries =
            [.. entries.OrderBy(e => e.Resource, StringComparer.Ordinal).ThenBy(e => e.ToString(), StringComparer.Ordinal)],
        };
}

/// <summary>An object that is ours.</summary>
/// <param name="Resource">The resource of the graph that it belongs to.</param>
/// <param name="IsPending">It was about to be applied, and has not been seen to work since.</param>
internal sealed record InventoryEntry(ObjectKey Key, string Resource, bool IsPending = false)
{
    /// <summary>The entry of an object that is going to be applied; one that people add may not say whose it is.</summary>
    public static InventoryEntry Of(YamlMap one) =>
        new(ObjectKey.Of(one), one.TextAt("metadata", "annotations", KubernetesLabels.Resource) ?? "-", IsPending: true);

    /// <summary>Reads <c>Deployment.apps/server routeguide-server pending</c>; null: it is no entry.</summary>
    public static InventoryEntry? Parse(string line)
    {
        var words = line.Split(' ');
        return words.Length > 1 && words[0].Split('/') is [var kind, var name]
            ? new(ResourceKind.Parse(kind).Named(name), words[1], words is [_, _, "pending"])
            : null;
    }

    /// <summary>The line of an inventory.</summary>
    public override string ToString() =>
        $"{Key.Kind}{(Key.Group.Length == 0 ? "" : "." + Key.Group)}/{Key.Name} {Resource}{(IsPending ? " pending" : "")}";
}
