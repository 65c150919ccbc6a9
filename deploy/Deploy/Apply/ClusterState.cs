using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Apply;

/// <summary>What there is before an apply.</summary>
/// <param name="Inventory">What is ours.</param>
/// <param name="Live">Objects of the kinds that are wanted, with managed fields.</param>
/// <param name="Unreadable">Kinds that may not be read: nothing can be told or done about their objects.</param>
internal sealed record ClusterState(Inventory Inventory, IReadOnlyList<YamlMap> Live, IReadOnlySet<ResourceKind> Unreadable)
{
    private readonly Dictionary<ObjectKey, YamlMap> _live = Live.ToDictionary(ObjectKey.Of);

    /// <summary>Whether an object exists.</summary>
    public bool Exists(ObjectKey key) => _live.ContainsKey(key);

    /// <summary>Whether an apply of an object would do anything.</summary>
    public bool IsDue(YamlMap wanted) =>
        !_live.TryGetValue(ObjectKey.Of(wanted), out var live) || !FieldOwners.IsApplied(live, wanted) || OwnershipMigration.PatchFor(live) is not null;

    /// <summary>Reads it.</summary>
    /// <exception cref="ClusterException">Not even ConfigMaps may be read, of which the inventory is one, or a kind doesn't exist.</exception>
    public static async Task<ClusterState> ReadAsync(IClusterClient cluster, InventoryStore store, IReadOnlyList<YamlMap> objects, CancellationToken cancellationToken)
    {
        var unreadable = new HashSet<ResourceKind>();
        var kinds = objects.Select(ResourceKind.Of).ToHashSet();
        var query = ObjectQuery.OfKinds(kinds) with { ManagedFields = true, Unreadable = Unread };
        var reading = cluster.GetAsync(query, cancellationToken);
        var inventory = kinds.Contains(store.Key.ResourceKind) ? null : store.ReadAsync(cancellationToken);
        var live = await reading.ConfigureAwait(false);
        var known = inventory is null ? InventoryStore.Read(live.FirstOrDefault(o => ObjectKey.Of(o) == store.Key)) : await inventory.ConfigureAwait(false);
        return new(known, live, unreadable);

        void Unread(ResourceKind kind, ClusterError error)
        {
            if (error.Reason == ClusterErrorReason.UnknownKind || kind == store.Key.ResourceKind)
            {
                throw new ClusterException([error]);
            }

            lock (unreadable)
            {
                unreadable.Add(kind);
            }
        }
    }
}
