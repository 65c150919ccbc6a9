using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;
using MonoRepo.Hosting.Kubernetes.Graph;
using YamlDotNet.Core;

namespace MonoRepo.Hosting.Kubernetes.Lowering;

/// <summary>Objects that a resource brings along as YAML, such as an operator's resources; they get our marks.</summary>
internal static class ManifestObjectPass
{
    public static IEnumerable<YamlMap> Lower(LoweringContext context, ValidationErrors errors) =>
        context.Workload.Annotations.All<ManifestObjectAnnotation>()
            .SelectMany(m => Read(context.Workload.Resource.Name, m.Yaml, errors))
            .Select(o => Marked(o, context.Workload.Name, context.Application));

    public static IEnumerable<YamlMap> Read(string resource, string yaml, ValidationErrors errors)
    {
        IReadOnlyList<YamlNode> documents;
        try
        {
            documents = YamlReader.ReadAll(yaml);
        }
        catch (YamlException exception)
        {
            errors.Add(resource, "manifest object", $"is no YAML: {exception.Message}", "correct the text");
            return [];
        }

        if (documents.Any(d => d is not YamlMap map || map.Text("apiVersion") is null || map.Text("kind") is null
            || map.Map("metadata")?.Text("name") is null))
        {
            errors.Add(resource, "manifest object", "lacks apiVersion, kind or metadata.name", "add them");
            return [];
        }

        if (documents.Any(d => ((YamlMap)d).Map("metadata")!.Text("namespace") is not null))
        {
            errors.Add(resource, "manifest object", "names a namespace", "leave it out: the environment gives it");
        }

        return documents.Cast<YamlMap>();
    }

    public static YamlMap Marked(YamlMap manifest, string resource, string application)
    {
        var metadata = manifest.Map("metadata")!;
        metadata["labels"] = Merged(KubernetesLabels.Labels(resource, application), metadata.Map("labels"));
        metadata["annotations"] = Merged(KubernetesLabels.Owner(resource), metadata.Map("annotations"));
        return manifest;
    }

    private static YamlMap Merged(Dictionary<string, string> marks, YamlMap? own)
    {
        var merged = new YamlMap();
        foreach (var (key, value) in marks.Where(m => own?[m.Key] is null))
        {
            merged.Add(key, value);
        }

        foreach (var (key, value) in own ?? [])
        {
            merged.Add(key, value);
        }

        return merged;
    }
}
