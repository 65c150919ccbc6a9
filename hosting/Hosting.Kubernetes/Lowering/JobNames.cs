using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.Lowering;

/// <summary>
/// A Job cannot change, so it has a new name whenever what it runs is new. It is named as the ConfigMap of its settings is, which
/// kustomize names by its content last of all: the settings therefore state what else the Job runs, its version and its image. The image is
/// the pinned one: the overlay copies it from the Job once pins and registry are in it.
/// </summary>
public static class JobNames
{
    /// <summary>Setting: the image that the Job runs.</summary>
    public const string Image = "MONOREPO_IMAGE";

    /// <summary>Setting: hash of the Job's own content, its other settings and its files.</summary>
    public const string Version = "MONOREPO_VERSION";

    /// <summary>The settings of a Job with what names it.</summary>
    internal static ConfigMapSource Name(ConfigMapSource? settings, Workload workload, string version)
    {
        settings ??= new(WorkloadNames.Settings(workload.Name), workload.Settings, IsSettings: true, IsHashed: true, workload.Name);
        return settings with
        {
            Data = new SortedDictionary<string, string>(settings.Data.ToDictionary(), StringComparer.Ordinal) { [Image] = workload.Image, [Version] = version },
        };
    }
}
