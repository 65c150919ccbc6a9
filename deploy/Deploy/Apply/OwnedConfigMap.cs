using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Apply;

/// <summary>
/// A ConfigMap in which the state of an environment is kept, in its namespace. Every write names the version that it replaces, so
/// that two who apply at once see each other instead of overwriting each other.
/// </summary>
/// <param name="application">Name of the application: several may share a namespace.</param>
/// <param name="label">What it holds: the end of its name, and the value of the label by which it is found.</param>
internal sealed class OwnedConfigMap(IClusterClient cluster, string application, string environment, string label)
{
    private const int Attempts = 20;

    public ObjectKey Key { get; } = ResourceKind.ConfigMap.Named(NameOf(application, environment, label));

    public static string NameOf(string application, string environment, string label) => $"{application}-{environment}-{label}";

    /// <summary>Writes what follows from what is known; reads it again as often as somebody else was quicker.</summary>
    public static async Task<TResult> RetryAsync<T, TResult>(T known, Func<T, Task<TResult>> write, Func<Task<T>> read)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await write(known);
            }
            catch (ClusterException exception) when (attempt < Attempts && exception.Reason
                is ClusterErrorReason.Conflict or ClusterErrorReason.AlreadyExists or ClusterErrorReason.NotFound)
            {
                known = await read();
            }
        }
    }

    /// <summary>Reads it; null: there is none.</summary>
    public async Task<YamlMap?> FindAsync(CancellationToken cancellationToken) =>
        (await cluster.GetAsync(ObjectQuery.Of(Key), cancellationToken)).FirstOrDefault();

    /// <summary>Writes it in place of a version, or makes it where there was none.</summary>
    /// <exception cref="ClusterException">Somebody else wrote or deleted it since it was read.</exception>
    public Task<YamlMap> WriteAsync(
        string? version, string field, YamlMap data, YamlMap? annotations, CancellationToken cancellationToken)
    {
        var labels = YamlMap.Of(KubernetesLabels.Labels(label, application));
        var metadata = new YamlMap().Add("name", Key.Name).Add("namespace", cluster.Target.Namespace).Add("labels", labels);
        if (annotations is not null)
        {
            metadata.Add("annotations", annotations);
        }

        var configMap = new YamlMap().Add("apiVersion", "v1").Add("kind", Key.Kind).Add("metadata", metadata).Add(field, data);
        if (version is null)
        {
            return cluster.CreateAsync(configMap, cancellationToken);
        }

        metadata.Add("resourceVersion", version);
        return cluster.ReplaceAsync(configMap, cancellationToken);
    }
}
