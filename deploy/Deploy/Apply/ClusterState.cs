using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Apply;

/// <summary>What there is before an apply.</summary>
/// <param name="Revisions">The ConfigMap of the states that worked; null: there is none.</param>
/// <param name="Live">Objects of the kinds that are wanted, with managed fields.</param>
/// <param name="Unreadable">Kinds that may not be read: nothing can be told or done about their objects.</param>
internal sealed record ClusterState(
    Inventory Inventory, YamlMap? Revisions, IReadOnlyList<YamlMap> Live, IReadOnlySet<ResourceKind> Unreadable)
{
    private readonly Dictionary<ObjectKey, YamlMap> _live = Live.ToDictionary(ObjectKey.Of);

    /// <summary>The object as it is; null: it isn't there.</summary>
    public YamlMap? Find(ObjectKey key) => _live.GetValueOrDefault(key);

    /// <summary>Whether an apply of an object would do anything.</summary>
    public bool IsDue(YamlMap wanted) =>
        Find(ObjectKey.Of(wanted)) is not { } live || !FieldOwners.IsApplied(live, wanted)
        || OwnershipMigration.PatchFor(live) is not null;

    /// <summary>A request without the objects that may not be read, and these.</summary>
    public (DeployRequest Request, IReadOnlyList<ObjectKey> Skipped) Readable(DeployRequest request)
    {
        var objects = request.Objects.ToLookup(o => Unreadable.Contains(ResourceKind.Of(o)));
        return (request with { Objects = [.. objects[false]] }, [.. objects[true].Select(ObjectKey.Of)]);
    }

    /// <summary>What has to happen for a readable request.</summary>
    public ChangeSet Compare(DeployRequest request)
    {
        var changes = ChangeSet.Between(request.Objects, Live, Inventory, request.Scope, request.KeepJobs);
        return changes with { Pruned = [.. changes.Pruned.Where(p => !Unreadable.Contains(p.Key.ResourceKind))] };
    }

    /// <exception cref="ClusterException">Not even ConfigMaps may be read, of which the inventory is one, or a kind doesn't
    /// exist.</exception>
    public static async Task<ClusterState> ReadAsync(
        IClusterClient cluster, InventoryStore store, IReadOnlyList<YamlMap> objects, CancellationToken cancellationToken)
    {
        var unreadable = new HashSet<ResourceKind>();
        var kinds = objects.Select(ResourceKind.Of).ToHashSet();
        var query = ObjectQuery.OfKinds(kinds) with { ManagedFields = true, Unreadable = Unread };
        var reading = cluster.GetAsync(query, cancellationToken);
        var ours = kinds.Contains(store.Key.ResourceKind)
            ? reading
            : cluster.GetAsync(ObjectQuery.Of(store.Key, store.Revisions.Key), cancellationToken);
        var live = await reading;
        var known = (await ours).ToLookup(ObjectKey.Of);
        return new(InventoryStore.Read(known[store.Key].FirstOrDefault()), known[store.Revisions.Key]
            .FirstOrDefault(), live, unreadable);

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
