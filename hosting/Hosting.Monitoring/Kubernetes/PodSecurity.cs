namespace MonoRepo.Hosting.Monitoring.Kubernetes;

/// <summary>What restricted Pod Security asks of pods.</summary>
internal sealed record PodSecurity(
    bool RunAsNonRoot, long RunAsUser, long RunAsGroup, long FsGroup, SeccompProfile SeccompProfile)
{
    public static PodSecurity Of(long user) => new(true, user, user, user, new("RuntimeDefault"));
}

internal sealed record SeccompProfile(string Type);

/// <summary>CPU and memory of a container.</summary>
internal sealed record ContainerResources(
    IReadOnlyDictionary<string, string> Requests, IReadOnlyDictionary<string, string> Limits)
{
    public static ContainerResources Of(string cpu, string memory, string memoryLimit) =>
        new(new SortedDictionary<string, string>
        {
            ["cpu"] = cpu,
            ["memory"] = memory,
        }, new SortedDictionary<string, string> { ["memory"] = memoryLimit });
}

/// <summary>A volume for each pod.</summary>
internal sealed record Storage(VolumeClaimTemplate VolumeClaimTemplate)
{
    public static Storage Of(string size, string? storageClass) => new(new VolumeClaimTemplate(new VolumeClaim(
        ["ReadWriteOnce"], new(new SortedDictionary<string, string> { ["storage"] = size }), storageClass)));
}

internal sealed record VolumeClaimTemplate(VolumeClaim Spec);

internal sealed record VolumeClaim(IReadOnlyList<string> AccessModes, VolumeRequest Resources, string? StorageClassName);

internal sealed record VolumeRequest(IReadOnlyDictionary<string, string> Requests);
