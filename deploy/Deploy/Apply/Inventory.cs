using MonoRepo.Deploy.Cluster;

namespace MonoRepo.Deploy.Apply;

/// <summary>
/// Which objects of an environment are ours. It never lists less than there is: it grows before an apply and shrinks after it.
/// </summary>
/// <param name="ResourceVersion">Version of the ConfigMap that this was read from; null: there is none yet.</param>
internal sealed record Inventory(IReadOnlyList<InventoryEntry> Entries, string? ResourceVersion)
{
    /// <summary>No object, and no ConfigMap.</summary>
    public static readonly Inventory None = new([], null);

    /// <summary>The entry of an object, if it is ours.</summary>
    public InventoryEntry? Find(ObjectKey key) => Entries.FirstOrDefault(e => e.Key == key);

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
