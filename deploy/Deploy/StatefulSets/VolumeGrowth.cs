using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.StatefulSets;

/// <summary>The members' volumes grow by their claims: the StatefulSet's template counts for new members only.</summary>
internal sealed class VolumeGrowth(IClusterClient cluster)
{
    private static readonly ResourceKind s_class = new("storage.k8s.io", "StorageClass");

    /// <summary>
    /// The claims that have to grow, each with its new size. What cannot be done is added to <paramref name="refusals"/>.
    /// </summary>
    public async Task<IReadOnlyList<(ObjectKey Claim, string Size)>> FindAsync(
        StatefulSetMembers wanted, StatefulSetMembers live, List<string> refusals, CancellationToken cancellationToken)
    {
        var before = ImmutableFields.Sizes(live);
        var changed = ImmutableFields.Sizes(wanted)
            .Where(t => before.TryGetValue(t.Key, out var size) && Amount(size) != Amount(t.Value)).ToList();
        foreach (var (volume, size) in changed.Where(t => Amount(t.Value) < Amount(before[t.Key])))
        {
            refusals.Add(
                $"StatefulSet '{wanted.Name}': its volume '{volume}' has {before[volume]} and cannot shrink to {size}. Ask " +
                $"for {before[volume]} or more, or move the data to a new resource.");
        }

        changed.RemoveAll(t => Amount(t.Value) < Amount(before[t.Key]));
        if (changed.Count == 0)
        {
            return [];
        }

        var claims = await cluster.GetAsync(ObjectQuery.OfKinds(ResourceKind.PersistentVolumeClaim), cancellationToken);
        var growing = (
            from template in changed
            from claim in claims
            where wanted.Ordinal(claim.Map("metadata")!.Text("name")!, $"{template.Key}-") is not null
                && Amount(Requested(claim)) < Amount(template.Value)
            select (Claim: claim, Size: template.Value)).ToList();
        var fixedClasses = await FixedClassesAsync([
            .. growing.Select(g => g.Claim.Map("spec")!.Text("storageClassName")).OfType<string>().Distinct(),
        ], cancellationToken);
        foreach (var name in fixedClasses)
        {
            refusals.Add(
                $"StatefulSet '{wanted.Name}': its volumes cannot grow, for their storage class '{name}' does not allow it. " +
                "Choose another size, or have an administrator set allowVolumeExpansion.");
        }

        return [.. growing.Select(g => (ObjectKey.Of(g.Claim), g.Size))];
    }

    /// <summary>Asks for the new sizes.</summary>
    public async Task GrowAsync(IReadOnlyList<(ObjectKey Claim, string Size)> claims, CancellationToken cancellationToken)
    {
        foreach (var (claim, size) in claims)
        {
            await cluster.PatchAsync(
                claim, new($$"""{ "spec": { "resources": { "requests": { "storage": "{{size}}" } } } }"""),
                cancellationToken);
        }
    }

    /// <summary>Those of the classes that cannot expand. Who may not read classes learns it from the claims.</summary>
    private async Task<IReadOnlyList<string>> FixedClassesAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        if (names.Count == 0)
        {
            return [];
        }

        try
        {
            var classes = await cluster.GetAsync(ObjectQuery.Of(names.Select(s_class.Named)), cancellationToken);
            return [.. classes.Where(c => c.Text("allowVolumeExpansion") != "true")
                .Select(c => c.Map("metadata")!.Text("name")!)];
        }
        catch (ClusterException e) when (e.Reason == ClusterErrorReason.Forbidden)
        {
            return [];
        }
    }

    private static string Requested(YamlMap claim) => claim.Map("spec")?.Map("resources")?.Map("requests")?.Text("storage")
        ?? "0";

    private static decimal Amount(string size) =>
        Quantity.TryParse(size, out var amount)
            ? amount
            : throw new DeployException($"'{size}' isn't a valid quantity. Use a value such as 10Gi.");
}
