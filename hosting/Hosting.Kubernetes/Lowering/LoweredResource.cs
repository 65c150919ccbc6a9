using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Yaml;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.Lowering;

/// <summary>The Kubernetes objects of one resource in one environment, before names are hashed and images pinned.</summary>
/// <param name="Name">The resource's name as DNS wants it.</param>
/// <param name="Objects">In kind order, then by name.</param>
/// <param name="ConfigMaps">What kustomize's generator makes ConfigMaps of.</param>
/// <param name="BuiltImages">Images of this repository that the objects use.</param>
/// <param name="IsJob">It runs once: see <see cref="JobNames"/>.</param>
internal sealed record LoweredResource(
    string Name, IReadOnlyList<YamlMap> Objects, IReadOnlyList<ConfigMapSource> ConfigMaps, IReadOnlyList<string> BuiltImages,
    bool IsJob = false);

/// <summary>Content of a ConfigMap.</summary>
/// <param name="Name">Name, to which kustomize adds the content hash.</param>
/// <param name="IsSettings">Lines of a settings file rather than files of their own.</param>
/// <param name="IsHashed">False: the name stays as it is and a change rolls nothing.</param>
internal sealed record ConfigMapSource(
    string Name, IReadOnlyDictionary<string, string> Data, bool IsSettings, bool IsHashed, string Resource);

/// <summary>What a pass sees: one workload, the environment, and who calls the workload.</summary>
/// <param name="Callers">Names of pods to the ports of this workload that they call.</param>
/// <param name="Scrapers">Labels of the pods of the environment that read metrics.</param>
internal sealed record LoweringContext(
    Workload Workload, EnvironmentFacts Environment, IReadOnlyList<(string Caller, int Port)> Callers, string Application,
    IReadOnlyList<IReadOnlyDictionary<string, string>> Scrapers)
{
    /// <summary>Name, labels and owner of an object of the workload.</summary>
    public ObjectMeta Meta(string name, string? podName = null) =>
        new(name, KubernetesLabels.Labels(podName ?? Workload.Name, Application), KubernetesLabels.Owner(Workload.Name));
}

/// <summary>Settings and files to the sources of ConfigMaps.</summary>
internal static class ConfigMapPass
{
    public static IEnumerable<ConfigMapSource> Lower(Workload workload)
    {
        if (workload.Settings.Count > 0)
        {
            yield return new(
                WorkloadNames.Settings(workload.Name), workload.Settings, IsSettings: true, IsHashed: true, workload.Name);
        }

        foreach (var files in workload.Files)
        {
            yield return new(WorkloadNames.Files(workload.Name, files.Name), new SortedDictionary<string, string>(
                files.Files.ToDictionary(), StringComparer.Ordinal), false, files.RollOnChange, workload.Name);
        }
    }
}

/// <summary>The settings by whose content a Job is named; see <see cref="JobNames"/>.</summary>
internal static class JobSettings
{
    public static ConfigMapSource Name(ConfigMapSource? settings, Workload workload, string version)
    {
        settings ??= new(
            WorkloadNames.Settings(workload.Name), workload.Settings, IsSettings: true, IsHashed: true, workload.Name);
        return settings with
        {
            Data = new SortedDictionary<string, string>(settings.Data.ToDictionary(), StringComparer.Ordinal)
            {
                [JobNames.Image] = workload.Image,
                [JobNames.Version] = version,
            },
        };
    }
}
