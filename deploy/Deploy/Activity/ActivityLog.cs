using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Activity;

/// <summary>What was done to an environment: its last entries, a line each, in a ConfigMap beside the inventory.</summary>
internal sealed class ActivityLog(IClusterClient cluster, string application, string environment)
{
    /// <summary>Entries that are kept.</summary>
    public const int Kept = 200;

    // The API refuses objects of more than 1 MiB.
    private const int MaxCharacters = 250_000;
    private const string Label = "activity";

    /// <summary>The key of the ConfigMap, which is the name of the file where that is mounted.</summary>
    public const string Field = "entries";

    private readonly OwnedConfigMap _configMap = new(cluster, application, environment, Label);

    /// <summary>The ConfigMap.</summary>
    public ObjectKey Key => _configMap.Key;

    /// <summary>Name of the ConfigMap.</summary>
    public static string NameOf(string application, string environment) =>
        OwnedConfigMap.NameOf(application, environment, Label);

    /// <summary>Reads it, newest first.</summary>
    public async Task<IReadOnlyList<ActivityEntry>> ReadAsync(CancellationToken cancellationToken) =>
        [.. Lines(await _configMap.FindAsync(cancellationToken)).Select(ActivityEntry.Parse).OfType<ActivityEntry>()];

    /// <summary>Adds an entry. Concurrent writers are retried, so no entry is lost.</summary>
    public async Task AddAsync(ActivityEntry entry, CancellationToken cancellationToken) =>
        await OwnedConfigMap.RetryAsync(
            await _configMap.FindAsync(cancellationToken),
            known => _configMap.WriteAsync(
                known?.TextAt("metadata", "resourceVersion"), "data",
                new YamlMap().Add(Field, Text(Lines(known).Prepend(entry.ToJson()))), null, cancellationToken),
            () => _configMap.FindAsync(cancellationToken));

    // Lines of a later version are kept as they are.
    private static IEnumerable<string> Lines(YamlMap? configMap) =>
        (configMap?.TextAt("data", Field) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Text(IEnumerable<string> lines)
    {
        var length = 0;
        return string.Concat(lines.Take(Kept).TakeWhile(l => (length += l.Length + 1) <= MaxCharacters).Select(l => $"{l}\n"));
    }
}
