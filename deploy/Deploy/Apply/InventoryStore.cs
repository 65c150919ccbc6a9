using MonoRepo.Deploy.Activity;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Apply;

/// <summary>The inventory of an environment: a ConfigMap in its namespace.</summary>
/// <param name="application">Name of the application: several may share a namespace.</param>
internal sealed class InventoryStore(IClusterClient cluster, string application, string environment)
{
    /// <summary>Value of the label by which inventories are found.</summary>
    public const string Label = "inventory";

    private const string Objects = "objects";
    private const string Writer = "monorepo/applied-by";

    private readonly OwnedConfigMap _configMap = new(cluster, application, environment, Label);

    /// <summary>The ConfigMap.</summary>
    public ObjectKey Key => _configMap.Key;

    /// <summary>The states of the environment that worked.</summary>
    public RevisionStore Revisions { get; } = new(cluster, application, environment);

    /// <summary>All ConfigMaps of an environment's state: they go with the last of its objects.</summary>
    public IReadOnlyList<ObjectKey> Keys => [Key, Revisions.Key, new ActivityLog(cluster, application, environment).Key];

    public async Task<Inventory> ReadAsync(CancellationToken cancellationToken) =>
        Read(await _configMap.FindAsync(cancellationToken));

    /// <summary>The environment of an inventory's name, <c>shop-dev-inventory</c>.</summary>
    internal static string EnvironmentOf(string name, string application) =>
        name.StartsWith($"{application}-", StringComparison.Ordinal) && name.EndsWith($"-{Label}", StringComparison.Ordinal)
        && name.Length > application.Length + Label.Length + 2
            ? name[(application.Length + 1)..^(Label.Length + 1)]
            : "";

    /// <summary>Reads it from the ConfigMap; null: there is none.</summary>
    public static Inventory Read(YamlMap? configMap) => configMap is null ? Inventory.None : new(
        [.. (configMap.Map("data")?.Text(Objects) ?? "").Split('\n').Select(InventoryEntry.Parse).OfType<InventoryEntry>()],
        configMap.Map("metadata")!.Text("resourceVersion"));

    /// <summary>Writes it in place of the version that it was read from.</summary>
    /// <exception cref="ClusterException">Somebody else wrote since (<see cref="ClusterErrorReason.Conflict"/>,
    /// <see cref="ClusterErrorReason.AlreadyExists"/>).</exception>
    public async Task<Inventory> WriteAsync(Inventory inventory, CancellationToken cancellationToken)
    {
        // The time makes every write a new version, also one that changes nothing else: the others have to see it.
        var annotations = new YamlMap().Add(Writer, $"{System.Environment.UserName} {DateTimeOffset.UtcNow:O}");
        var data = new YamlMap().Add(Objects, inventory.Text);
        return Read(await _configMap.WriteAsync(inventory.ResourceVersion, "data", data, annotations, cancellationToken));
    }

    /// <summary>
    /// Writes what <paramref name="change"/> makes of it; reads it again as often as somebody else was quicker.
    /// </summary>
    public Task<Inventory> ChangeAsync(
        Inventory inventory, Func<Inventory, Inventory> change, CancellationToken cancellationToken) =>
        OwnedConfigMap.RetryAsync(
            inventory, known => WriteAsync(change(known), cancellationToken), () => ReadAsync(cancellationToken));
}
