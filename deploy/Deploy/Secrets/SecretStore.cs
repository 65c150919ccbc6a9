using System.Text.Json.Nodes;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Secrets;

/// <summary>
/// The Secrets of a namespace. Values are shown to nobody: only whether a key is there is looked at, and by a rotation what was there before.
/// </summary>
public sealed class SecretStore(IClusterClient cluster)
{
    /// <summary>Which of the keys are there.</summary>
    public async Task<IReadOnlySet<SecretKey>> PresentAsync(IReadOnlyList<SecretKey> keys, CancellationToken cancellationToken)
    {
        var objects = keys.Select(k => k.Secret).Distinct().Select(Object).ToArray();
        if (objects.Length == 0)
        {
            return new HashSet<SecretKey>();
        }

        var found = (await cluster.GetAsync(ObjectQuery.Of(objects), cancellationToken).ConfigureAwait(false)).ToDictionary(o => o.Map("metadata")!.Text("name")!);
        return keys.Where(k => found.TryGetValue(k.Secret, out var secret) && (k.Key.Length == 0 || secret.Map("data")?[k.Key] is not null)).ToHashSet();
    }

    /// <summary>Writes one key and leaves the others as they are; makes the Secret where there is none.</summary>
    public async Task SetAsync(string secret, string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        var encoded = Convert.ToBase64String(value.Span);
        try
        {
            await cluster.PatchAsync(Object(secret), new(new JsonObject { ["data"] = new JsonObject { [key] = encoded } }.ToJsonString()), cancellationToken).ConfigureAwait(false);
        }
        catch (ClusterException exception) when (exception.Reason == ClusterErrorReason.NotFound)
        {
            await cluster.CreateAsync(
                new YamlMap().Add("apiVersion", "v1").Add("kind", "Secret")
                    .Add("metadata", new YamlMap().Add("name", secret).Add("namespace", cluster.Target.Namespace))
                    .Add("data", new YamlMap().Add(key, encoded)),
                cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The value of a key, or null.</summary>
    internal async Task<byte[]?> ReadAsync(string secret, string key, CancellationToken cancellationToken)
    {
        var found = await cluster.GetAsync(ObjectQuery.Of(Object(secret)), cancellationToken).ConfigureAwait(false);
        return found.SingleOrDefault()?.Map("data")?.Text(key) is { } encoded ? Convert.FromBase64String(encoded) : null;
    }

    /// <summary>Changes keys at once; null removes one.</summary>
    internal Task PatchAsync(string secret, IEnumerable<(string Key, byte[]? Value)> data, CancellationToken cancellationToken) => cluster.PatchAsync(
        Object(secret),
        new(new JsonObject { ["data"] = new JsonObject(data.Select(d => KeyValuePair.Create(d.Key, d.Value is null ? null : (JsonNode?)Convert.ToBase64String(d.Value)))) }.ToJsonString()),
        cancellationToken);

    private static ObjectKey Object(string secret) => new("", "Secret", secret);
}
