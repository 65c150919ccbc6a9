using MonoRepo.Deploy.Rendering;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.Lowering;

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
