using MonoRepo.Hosting.Kubernetes.Deploy.Inventories;
using MonoRepo.Hosting.Kubernetes.Deploy.Kubectl;
using MonoRepo.Hosting.Kubernetes.Output;

namespace MonoRepo.Hosting.Kubernetes.Deploy.Applying;

/// <summary>What there is before an apply.</summary>
/// <param name="Inventory">What is ours.</param>
/// <param name="Live">Objects of the kinds that are wanted, with managed fields.</param>
internal sealed record ClusterState(Inventory Inventory, IReadOnlyList<YamlMap> Live)
{
    /// <summary>Reads it, by two calls of kubectl at the same time.</summary>
    public static async Task<ClusterState> ReadAsync(IKubectl kubectl, InventoryStore store, DeployRequest request, CancellationToken cancellationToken)
    {
        var kinds = request.Objects.Select(o => ObjectKey.Of(o).KindArgument).Distinct();
        var live = kubectl.GetAsync(KubectlQuery.OfKinds([.. kinds]) with { ManagedFields = true }, cancellationToken);
        var inventory = store.ReadAsync(cancellationToken);
        await Task.WhenAll(live, inventory).ConfigureAwait(false);
        return new(await inventory.ConfigureAwait(false), await live.ConfigureAwait(false));
    }
}
