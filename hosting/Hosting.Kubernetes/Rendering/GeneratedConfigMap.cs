using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;
using MonoRepo.Hosting.Kubernetes.Lowering;

namespace MonoRepo.Hosting.Kubernetes.Rendering;

/// <summary>The ConfigMap that kustomize's generator makes of a source.</summary>
internal static class GeneratedConfigMap
{
    public static YamlMap Of(ConfigMapSource source, string application)
    {
        var data = new YamlMap();
        foreach (var (key, value) in source.Data.OrderBy(d => d.Key, StringComparer.Ordinal))
        {
            data.Add(key, value);
        }

        var labels = new YamlMap();
        foreach (var (key, value) in KubernetesLabels.Labels(source.Resource, application))
        {
            labels.Add(key, value);
        }

        var metadata = new YamlMap().Add("name", source.Name).Add("labels", labels)
            .Add("annotations", new YamlMap().Add(KubernetesLabels.Resource, source.Resource));
        return new YamlMap().Add("apiVersion", "v1").Add("kind", "ConfigMap").Add("metadata", metadata).Add("data", data);
    }
}
