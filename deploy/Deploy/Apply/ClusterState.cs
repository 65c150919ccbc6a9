using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Apply;

/// <summary>What there is before an apply.</summary>
/// <param name="Inventory">What is ours.</param>
/// <param name="Live">Objects of the kinds that are wanted, with managed fields.</param>
internal sealed record ClusterState(Inventory Inventory, IReadOnlyList<YamlMap> Live)
{
    private readonly Dictionary<ObjectKey, YamlMap> _live = Live.ToDictionary(ObjectKey.Of);

    /// <summary>Whether an object exists.</summary>
    public bool Exists(ObjectKey key) => _live.ContainsKey(key);

    /// <summary>Whether an apply of an object would do anything.</summary>
    public bool IsDue(YamlMap wanted) => !_live.TryGetValue(ObjectKey.Of(wanted), out var live) || !FieldOwners.IsApplied(live, wanted);

    /// <summary>Reads it, at the same time.</summary>
    public static async Task<ClusterState> ReadAsync(IClusterClient cluster, InventoryStore store, DeployRequest request, CancellationToken cancellationToken)
    {
        var kinds = request.Objects.Select(o => ObjectKey.Of(o).ResourceKind).Distinct();
        var live = cluster.GetAsync(ObjectQuery.OfKinds(kinds) with { ManagedFields = true }, cancellationToken);
        var inventory = store.ReadAsync(cancellationToken);
        await Task.WhenAll(live, inventory).ConfigureAwait(false);
        return new(await inventory.ConfigureAwait(false), await live.ConfigureAwait(false));
    }
}
