using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Apply;

/// <summary>What an application has left elsewhere.</summary>
internal sealed record Leftover(string Application, string Environment, string Namespace, IReadOnlyList<InventoryEntry> Objects)
{
    public override string ToString()
    {
        var volumes = Objects.Count(o => o.Key.Kind == "PersistentVolumeClaim");
        return $"'{Environment}' of '{Application}' is still in namespace '{Namespace}': " +
            $"{Count(Objects.Count - volumes, "object")}{(volumes == 0 ? "" : $", {Count(volumes, "volume")}")}. "
            + $"`delete --env {Environment} --application {Application} --namespace {Namespace}` deletes it and keeps the " +
            "volumes.";

        static string Count(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";
    }
}

/// <summary>
/// Finds what a renamed application, or an environment that has moved to another namespace, leaves behind: inventories, each of
/// which lists what is still there. Looked for at the first apply under a name and in a namespace.
/// </summary>
internal static class Leftovers
{
    /// <summary>Reads the inventories of the cluster, or of the namespace where no others may be read.</summary>
    public static async Task<IReadOnlyList<YamlMap>> InventoriesAsync(IClusterClient cluster, CancellationToken cancellationToken)
    {
        var isRefused = false;
        var query = ObjectQuery.OfKinds(ResourceKind.ConfigMap) with
        {
            Selector = $"{KubernetesLabels.ManagedBy}={KubernetesLabels.Manager},{KubernetesLabels.Name}={InventoryStore.Label}",
            AllNamespaces = true,
            Unreadable = (_, _) => isRefused = true,
        };
        var found = await cluster.GetAsync(query, cancellationToken);
        return isRefused ? await cluster.GetAsync(query with { AllNamespaces = false }, cancellationToken) : found;
    }

    /// <summary>
    /// Those among inventories that are of this application: of the same name and environment in another namespace, or under
    /// another name in the same one where it lists what is ours by now. A person's own environment is in as many namespaces as
    /// there are people.
    /// </summary>
    public static IReadOnlyList<Leftover> Among(IReadOnlyList<YamlMap> inventories, DeployRequest request, string @namespace)
    {
        var ours = request.Objects.Select(ObjectKey.Of).ToHashSet();
        var leftovers = new List<Leftover>();
        foreach (var (application, environment, place, inventory) in inventories.Select(i => Read(i, @namespace)))
        {
            var entries = inventory.Entries;
            var hasMoved = application == request.Application && place != @namespace && request.Environment != PinRule.Personal;
            var isRenamed = application != request.Application && place == @namespace && entries.Any(e => ours.Contains(e.Key));
            if (environment == request.Environment && (hasMoved || isRenamed))
            {
                leftovers.Add(new(
                    application, environment, place, isRenamed ? [.. entries.Where(e => !ours.Contains(e.Key))] : entries));
            }
        }

        return [.. leftovers.Where(l => l.Objects.Count > 0)];
    }

    /// <summary>What was taken over is no longer the other's: its inventory, in our namespace, forgets it.</summary>
    public static async Task ForgetAsync(
        IClusterClient cluster, IReadOnlyList<YamlMap> inventories, DeployRequest request, CancellationToken cancellationToken)
    {
        var ours = request.Objects.Select(ObjectKey.Of).ToHashSet();
        foreach (var (application, environment, place, inventory) in inventories.Select(i => Read(i, cluster.Target.Namespace)))
        {
            if (place != cluster.Target.Namespace || application == request.Application
                || !inventory.Entries.Any(e => ours.Contains(e.Key)))
            {
                continue;
            }

            var store = new InventoryStore(cluster, application, environment);
            var left = await store.ChangeAsync(inventory, i => i.Without(ours), cancellationToken);
            if (left.Entries.Count == 0)
            {
                await cluster.DeleteAsync(store.Keys, new(), cancellationToken);
            }
        }
    }

    private static (string Application, string Environment, string Namespace, Inventory Inventory) Read(
        YamlMap one, string @namespace)
    {
        var application = one.TextAt("metadata", "labels", KubernetesLabels.PartOf) ?? "";
        return (
            application, InventoryStore.EnvironmentOf(ObjectKey.Of(one).Name, application),
            one.TextAt("metadata", "namespace") ?? @namespace, InventoryStore.Read(one));
    }
}
