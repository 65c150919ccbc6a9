using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Setup;

/// <summary>Gets the operators' manifests and sorts them.</summary>
internal sealed class OperatorManifests(HttpClient http)
{
    private const string Definition = "CustomResourceDefinition";

    /// <summary>Where the operators run, whatever their files say.</summary>
    public const string Namespace = "monorepo-operators";

    /// <summary>The manifests of an operator, from its project.</summary>
    /// <exception cref="DeployException">They cannot be fetched.</exception>
    public async Task<IReadOnlyList<YamlMap>> FetchAsync(OperatorSource source, CancellationToken cancellationToken)
    {
        try
        {
            return Read(await http.GetStringAsync(source.Url, cancellationToken), source.Url.ToString());
        }
        catch (Exception exception) when (exception is HttpRequestException
            || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new DeployException(
                $"{source.Name} {source.Version} cannot be fetched from {source.Url}: {exception.Message.TrimEnd('.')}. " +
                "Nothing was changed. Without a network: --crds DIR --skip-operators.");
        }
    }

    /// <summary>The CustomResourceDefinitions in the YAML files of a folder.</summary>
    /// <exception cref="DeployException">There are none.</exception>
    public static IReadOnlyList<YamlMap> FromFolder(string folder)
    {
        var files = Directory.Exists(folder)
            ? Directory.GetFiles(folder, "*.yaml").Order(StringComparer.Ordinal)
            : throw new DeployException($"There is no folder '{folder}' (--crds).");
        var definitions = Definitions([.. files.SelectMany(f => Read(File.ReadAllText(f), f))]);
        return definitions.Count > 0
            ? definitions
            : throw new DeployException($"There is no CustomResourceDefinition in the *.yaml files of '{folder}' (--crds).");
    }

    /// <summary>The CustomResourceDefinitions among manifests.</summary>
    public static IReadOnlyList<YamlMap> Definitions(IReadOnlyList<YamlMap> manifests) =>
        [.. manifests.Where(m => m.Text("kind") == Definition)];

    /// <summary>What runs the operator, in <see cref="Namespace"/>.</summary>
    public static IReadOnlyList<YamlMap> Running(IReadOnlyList<YamlMap> manifests)
    {
        List<YamlMap> running =
            [.. manifests.Where(m => m.Text("kind") is not (Definition or "Namespace")).Select(m => (YamlMap)m.Clone())];
        running.ForEach(Move);
        return running;
    }

    // metadata.namespace: default      subjects: [{kind: ServiceAccount, name: …, namespace: default}]
    private static void Move(YamlMap one)
    {
        if (one.Map("metadata") is { } metadata && metadata.Text("namespace") is not null)
        {
            metadata["namespace"] = new YamlScalar(Namespace);
        }

        foreach (var subject in (one.List("subjects") ?? []).OfType<YamlMap>().Where(s => s.Text("namespace") is not null))
        {
            subject["namespace"] = new YamlScalar(Namespace);
        }
    }

    private static IReadOnlyList<YamlMap> Read(string text, string place) =>
        [.. YamlReader.ReadAll(text, place).OfType<YamlMap>()];
}

/// <summary>
/// An operator at the version that is tested with, as one file of manifests: its CustomResourceDefinitions, and what runs it.
/// </summary>
/// <param name="Version">Version; the file of another one may lie elsewhere.</param>
/// <param name="Url">Where its project publishes the file.</param>
internal sealed record OperatorSource(string Name, string Version, Uri Url)
{
    public static readonly IReadOnlyList<OperatorSource> All =
    [
        // Prometheus, Alertmanager, rules and monitors.
        new("prometheus-operator", "0.93.0",
            new("https://github.com/prometheus-operator/prometheus-operator/releases/download/v0.93.0/bundle.yaml")),

        // Grafana, dashboards and data sources.
        new("grafana-operator", "5.21.3",
            new("https://github.com/grafana/grafana-operator/releases/download/v5.21.3/kustomize-cluster_scoped.yaml")),
    ];
}
