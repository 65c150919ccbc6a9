using System.Globalization;
using System.IO.Compression;
using System.Text;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Apply;

/// <summary>A state of an environment that worked.</summary>
/// <param name="Number">Counts up with every state.</param>
/// <param name="At">When it was seen to work.</param>
/// <param name="Manifests">Its objects as JSON, without Jobs: what these did isn't undone, nor done again.</param>
internal sealed record Revision(int Number, DateTimeOffset At, string By, string Manifests)
{
    public IReadOnlyList<YamlMap> Objects => JsonNodes.ReadObjects(Manifests);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"revision {Number} ({At.ToUniversalTime():yyyy-MM-dd HH:mm:ss}Z, {By})");
}

/// <summary>
/// The last states of an environment that worked, with all manifests and the digests of images in them: a ConfigMap beside the
/// inventory. A state is added when an apply has waited until all of it works, and only if it is another one than the last.
/// </summary>
internal sealed class RevisionStore(IClusterClient cluster, string application, string environment)
{
    private const int Kept = 5;

    // The API refuses objects of more than 1 MiB.
    private const int Limit = 900_000;

    // Not "revisions": there are clusters in which it has this name.
    private readonly OwnedConfigMap _configMap = new(cluster, application, environment, "history");

    /// <summary>The ConfigMap.</summary>
    public ObjectKey Key => _configMap.Key;

    /// <summary>Reads it, newest first.</summary>
    public async Task<IReadOnlyList<Revision>> ReadAsync(CancellationToken cancellationToken) =>
        Read(await _configMap.FindAsync(cancellationToken));

    /// <summary>Adds the state that an apply has left. What it wasn't about is as in the state before.</summary>
    /// <param name="known">The ConfigMap as it was read before the apply; null: there was none.</param>
    /// <param name="objects">The objects that were applied.</param>
    public Task AddAsync(
        YamlMap? known, IReadOnlyList<YamlMap> objects, ChangeScope scope, TimeProvider time, CancellationToken cancellationToken)
    {
        return OwnedConfigMap.RetryAsync(known, AddToAsync, () => _configMap.FindAsync(cancellationToken));

        Task<YamlMap?> AddToAsync(YamlMap? configMap)
        {
            var revisions = Read(configMap);
            var last = revisions.FirstOrDefault();
            var others = scope == ChangeScope.All
                ? []
                : last?.Objects.Where(o => !scope.Contains(InventoryEntry.Of(o).Resource)) ?? [];
            var manifests = Write(others.Concat(objects));
            var next = new Revision((last?.Number ?? 0) + 1, time.GetUtcNow(), Environment.UserName, manifests);
            return last?.Manifests == manifests
                ? Task.FromResult(configMap)
                : WriteAsync(configMap, [next, .. revisions.Where(r => r.Manifests != manifests)], cancellationToken);
        }
    }

    private static string Write(IEnumerable<YamlMap> objects)
    {
        var items = new YamlList(objects.Where(o => o.Text("kind") != "Job").DistinctBy(ObjectKey.Of).OrderBy(
            o => ObjectKey.Of(o).ToString(), StringComparer.Ordinal));
        return JsonNodes.Write(new YamlMap().Add("kind", "List").Add("items", items));
    }

    // binaryData: {"7": gzip of "2026-11-21T14:00:00Z jane\n{…}"}
    private static IReadOnlyList<Revision> Read(YamlMap? configMap) =>
    [
        .. (configMap?.Map("binaryData") ?? []).Select(d =>
            Read(int.Parse(d.Key, CultureInfo.InvariantCulture), ((YamlScalar)d.Value).Text)).OrderByDescending(r => r.Number),
    ];

    private static Revision Read(int number, string text)
    {
        using var unzipped = new GZipStream(new MemoryStream(Convert.FromBase64String(text)), CompressionMode.Decompress);
        using var reader = new StreamReader(unzipped, Encoding.UTF8);
        var head = (reader.ReadLine() ?? "").Split(' ', 2);
        return new(number, DateTimeOffset.Parse(head[0], CultureInfo.InvariantCulture), head[^1], reader.ReadToEnd());
    }

    private static string Zip(Revision revision)
    {
        using var zipped = new MemoryStream();
        using (var writer = new StreamWriter(new GZipStream(zipped, CompressionLevel.Optimal), new UTF8Encoding(false)))
        {
            writer.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"{revision.At.ToUniversalTime():yyyy-MM-ddTHH:mm:ssZ} {revision.By}\n{revision.Manifests}"));
        }

        return Convert.ToBase64String(zipped.ToArray());
    }

    private async Task<YamlMap?> WriteAsync(
        YamlMap? known, IReadOnlyList<Revision> revisions, CancellationToken cancellationToken)
    {
        var (data, size) = (new YamlMap(), 0);
        foreach (var revision in revisions.Take(Kept))
        {
            var text = Zip(revision);
            size += text.Length;
            if (size > Limit)
            {
                break;
            }

            data.Add(revision.Number.ToString(CultureInfo.InvariantCulture), text);
        }

        return await _configMap.WriteAsync(
            known?.TextAt("metadata", "resourceVersion"), "binaryData", data, null, cancellationToken);
    }
}
