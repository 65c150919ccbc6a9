using MonoRepo.Deploy.Activity;
using MonoRepo.Deploy.Model;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.Lowering;

/// <summary>Volumes of a pod and where they appear in its containers.</summary>
internal static class Volumes
{
    private const int Readable = 292; // 0444
    private const string Temporary = "/tmp";
    private const int ReadableByGroup = 288; // 0440
    private const string HistoryName = "history";
    private const string AccessName = "access";
    private const string CertificatesName = "certificates";

    // The kubelet asks for a new token when four fifths of this are over.
    private const int TokenSeconds = 3600;

    public static IReadOnlyList<Volume> Of(Workload workload) =>
    [
        .. workload.Files.Select(
            f => new Volume(f.Name, ConfigMap: new(WorkloadNames.Files(workload.Name, f.Name), Readable))),
        .. Writable(workload).Select(w => new Volume(w.Name, EmptyDir: new(w.Size))),
        .. Access(workload) is { Count: > 0 } sources ? [new Volume(AccessName, Projected: new(sources))] : Array.Empty<Volume>(),
        .. workload.Annotations.Last<MutualTlsAnnotation>() is { } certificates
            ? [new Volume(CertificatesName, Secret: new(certificates.Secret, ReadableByGroup))] : Array.Empty<Volume>(),
        .. workload.History is { } history
            ? [new Volume(HistoryName, ConfigMap: new(
                history.ConfigMap, Readable, Items: [new(ActivityLog.Field, history.File)], Optional: true))]
            : Array.Empty<Volume>(),
    ];

    public static IReadOnlyList<VolumeMount> Mounts(Workload workload, bool claims) =>
    [
        .. claims ? workload.Volumes.Select(v => new VolumeMount(v.Name, v.MountPath, ReadOnly: v.IsReadOnly ? true : null)) : [],
        .. workload.Files.Select(FileMount),
        .. Writable(workload).Select(w => new VolumeMount(w.Name, w.Path)),
        .. Access(workload).Count > 0
            ? [new VolumeMount(AccessName, AccessReader.Folder, ReadOnly: true)]
            : Array.Empty<VolumeMount>(),
        .. workload.Annotations.Has<MutualTlsAnnotation>()
            ? [new VolumeMount(CertificatesName, AccessReader.Certificates, ReadOnly: true)] : Array.Empty<VolumeMount>(),
        .. workload.History is { } history
            ? [new VolumeMount(HistoryName, history.Folder, ReadOnly: true)]
            : Array.Empty<VolumeMount>(),
    ];

    public static IReadOnlyList<VolumeClaimTemplate> Claims(Workload workload) =>
    [
        .. workload.Volumes.Select(
            v => new VolumeClaimTemplate("v1", "PersistentVolumeClaim", new(v.Name), Claim(v.Size, v.StorageClass))),
    ];

    public static VolumeClaimSpec Claim(string size, string? storageClass) =>
        new(["ReadWriteOnce"], storageClass, new(new Dictionary<string, string> { ["storage"] = size }));

    /// <summary>A single file is mounted by itself, so that the folder around it stays the image's.</summary>
    private static VolumeMount FileMount(MountedFilesAnnotation files) =>
        files.Files.Count == 1 && files.MountPath.EndsWith("/" + files.Files.Keys.Single(), StringComparison.Ordinal)
            ? new(files.Name, files.MountPath, files.Files.Keys.Single(), true)
            : new(files.Name, files.MountPath, ReadOnly: true);

    private static List<VolumeProjection> Access(Workload workload)
    {
        var sources = workload.TokensFor.Select(
            s => new VolumeProjection(ServiceAccountToken: new(s, TokenSeconds, $"{AccessReader.Tokens}/{s}"))).ToList();
        if (workload.ChecksCallers)
        {
            // What every namespace has, to know the API server by.
            sources.Add(new(ServiceAccountToken: new(null, TokenSeconds, $"{AccessReader.Cluster}/token")));
            sources.Add(new(ConfigMap: new("kube-root-ca.crt", [new("ca.crt", $"{AccessReader.Cluster}/ca.crt")])));
        }

        return sources;
    }

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
