using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.Lowering;

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
