using System.Text.Json.Nodes;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Secrets;

/// <summary>
/// The Secrets of a namespace. Values are shown to nobody: only whether a key is there is looked at, and by a rotation what was
/// there before.
/// </summary>
internal sealed class SecretStore(IClusterClient cluster)
{
    /// <summary>Which of the keys are there.</summary>
    public async Task<IReadOnlySet<SecretKey>> PresentAsync(IReadOnlyList<SecretKey> keys, CancellationToken cancellationToken)
    {
        var objects = keys.Select(k => k.Secret).Distinct().Select(ResourceKind.Secret.Named).ToArray();
        if (objects.Length == 0)
        {
            return new HashSet<SecretKey>();
        }

        var found = (await cluster.GetAsync(ObjectQuery.Of(objects), cancellationToken))
            .ToDictionary(o => o.Map("metadata")!.Text("name")!);
        return keys.Where(k => found.TryGetValue(k.Secret, out var secret)
            && (k.Key.Length == 0 || k.Written.All(w => secret.Map("data")?[w] is not null))).ToHashSet();
    }

    /// <summary>Writes one key and leaves the others as they are; makes the Secret where there is none.</summary>
    public async Task SetAsync(SecretKey key, byte[] value, CancellationToken cancellationToken)
    {
        try
        {
            await PatchAsync(key.Secret, key.Write(value), cancellationToken);
        }
        catch (ClusterException exception) when (exception.Reason == ClusterErrorReason.NotFound)
        {
            var data = new YamlMap();
            foreach (var (name, content) in key.Write(value))
            {
                data.Add(name, Convert.ToBase64String(content!));
            }

            await cluster.CreateAsync(
                new YamlMap().Add("apiVersion", "v1").Add("kind", "Secret")
                    .Add("metadata", new YamlMap().Add("name", key.Secret).Add("namespace", cluster.Target.Namespace)).Add(
                        "data", data),
                cancellationToken);
        }
    }

    /// <summary>Derives what follows from a value that is there, such as its form in URLs; false: it isn't there.</summary>
    public async Task<bool> CompleteAsync(SecretKey key, CancellationToken cancellationToken)
    {
        if (!key.IsEncodedToo || await ReadAsync(key.Secret, key.Key, cancellationToken) is not { } value)
        {
            return false;
        }

        await SetAsync(key, value, cancellationToken);
        return true;
    }

    /// <summary>The value of a key, or null.</summary>
    internal async Task<byte[]?> ReadAsync(string secret, string key, CancellationToken cancellationToken)
    {
        var found = await cluster.GetAsync(ObjectQuery.Of(ResourceKind.Secret.Named(secret)), cancellationToken);
        return found.SingleOrDefault()?.Map("data")?.Text(key) is { } encoded ? Convert.FromBase64String(encoded) : null;
    }

    /// <summary>Changes keys at once; null removes one.</summary>
    internal Task PatchAsync(string secret, IEnumerable<(string Key, byte[]? Value)> data, CancellationToken cancellationToken) =>
        cluster.PatchAsync(
        ResourceKind.Secret.Named(secret),
        new(new JsonObject
        {
            ["data"] = new JsonObject(data.Select(
                d => KeyValuePair.Create(d.Key, d.Value is null ? null : (JsonNode?)Convert.ToBase64String(d.Value)))),
        }.ToJsonString()),
        cancellationToken);
}
