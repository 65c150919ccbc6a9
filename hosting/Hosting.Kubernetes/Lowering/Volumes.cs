using MonoRepo.Deploy.Model;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.Lowering;

/// <summary>Volumes of a pod and where they appear in its containers.</summary>
internal static class Volumes
{
    private const int Readable = 292; // 0444
    private const int Executable = 365; // 0555
    private const string Temporary = "/tmp";

    public static IReadOnlyList<Volume> Of(Workload workload) =>
    [
        .. workload.Files.Select(f => new Volume(f.Name, ConfigMap: new(WorkloadNames.Files(workload.Name, f.Name), f.Executable ? Executable : Readable))),
        .. Writable(workload).Select(w => new Volume(w.Name, EmptyDir: new(w.Size))),
    ];

    public static IReadOnlyList<VolumeMount> Mounts(Workload workload, bool claims) =>
    [
        .. claims ? workload.Volumes.Select(v => new VolumeMount(v.Name, v.MountPath, ReadOnly: v.IsReadOnly ? true : null)) : [],
        .. workload.Files.Select(FileMount),
        .. Writable(workload).Select(w => new VolumeMount(w.Name, w.Path)),
    ];

    public static IReadOnlyList<VolumeClaimTemplate> Claims(Workload workload) =>
    [
        .. workload.Volumes.Select(v => new VolumeClaimTemplate("v1", "PersistentVolumeClaim", new(v.Name), Claim(v.Size, v.StorageClass))),
    ];

    public static VolumeClaimSpec Claim(string size, string? storageClass) =>
        new(["ReadWriteOnce"], storageClass, new(new Dictionary<string, string> { ["storage"] = size }));

    /// <summary>A single file is mounted by itself, so that the folder around it stays the image's.</summary>
    private static VolumeMount FileMount(MountedFilesAnnotation files) =>
        files.Files.Count == 1 && files.MountPath.EndsWith("/" + files.Files.Keys.Single(), StringComparison.Ordinal)
            ? new(files.Name, files.MountPath, files.Files.Keys.Single(), true)
            : new(files.Name, files.MountPath, ReadOnly: true);

    private static IEnumerable<(string Name, string Path, string Size)> Writable(Workload workload)
    {
        yield return ("tmp", Temporary, workload.WritablePaths.FirstOrDefault(p => p.Path == Temporary)?.SizeLimit ?? "64Mi");
        var number = 0;
        foreach (var path in workload.WritablePaths.Where(p => p.Path != Temporary))
        {
            yield return ($"writable-{++number}", path.Path, path.SizeLimit);
        }
    }
}
