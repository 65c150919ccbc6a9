using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Apply;

/// <summary>Which ConfigMaps an object reads, wherever it says so: pods, templates, old revisions of templates.</summary>
internal static class ConfigMapReferences
{
    /// <summary>Kinds in which a ConfigMap can be in use.</summary>
    public static readonly IReadOnlyList<ResourceKind> Kinds =
    [
        ResourceKind.Pod, ResourceKind.ReplicaSet, ResourceKind.ControllerRevision, ResourceKind.Deployment,
        ResourceKind.StatefulSet, ResourceKind.Job, ResourceKind.CronJob,
    ];

    /// <summary>Names of the ConfigMaps.</summary>
    public static IReadOnlySet<string> Of(IEnumerable<YamlMap> objects)
    {
        var names = new HashSet<string>();
        foreach (var one in objects)
        {
            // envFrom[].configMapRef.name, env[].valueFrom.configMapKeyRef.name, volumes[].configMap.name, projected sources
            one.Visit((key, value) =>
            {
                if (key is "configMapRef" or "configMapKeyRef" or "configMap" && (value as YamlMap)?.Text("name") is { } name)
                {
                    names.Add(name);
                }
            });
        }

        return names;
    }
}
