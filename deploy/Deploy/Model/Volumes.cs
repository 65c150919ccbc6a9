namespace MonoRepo.Deploy.Model;

/// <summary>Where a volume appears in a container.</summary>
internal sealed record VolumeMount(string Name, string MountPath, string? SubPath = null, bool? ReadOnly = null);

/// <summary>A volume of a pod.</summary>
internal sealed record Volume(
    string Name, EmptyDirVolume? EmptyDir = null, ConfigMapVolume? ConfigMap = null, ClaimVolume? PersistentVolumeClaim = null,
    SecretVolume? Secret = null,
    ProjectedVolume? Projected = null);

/// <summary>An empty folder that ends with the pod.</summary>
internal sealed record EmptyDirVolume(string? SizeLimit);

/// <summary>Files of a ConfigMap.</summary>
internal sealed record ConfigMapVolume(
    string Name, int? DefaultMode = null, IReadOnlyList<KeyPath>? Items = null, bool? Optional = null);

/// <summary>A claim that is there already.</summary>
internal sealed record ClaimVolume(string ClaimName);

/// <summary>Keys of a Secret as files.</summary>
internal sealed record SecretVolume(string SecretName, int? DefaultMode = null, bool? Optional = null);

/// <summary>Files from several sources.</summary>
internal sealed record ProjectedVolume(IReadOnlyList<VolumeProjection> Sources);

/// <summary>One of the sources.</summary>
internal sealed record VolumeProjection(TokenProjection? ServiceAccountToken = null, ConfigMapProjection? ConfigMap = null);

/// <summary>A token of the pod's ServiceAccount for an audience; none is the API server.</summary>
internal sealed record TokenProjection(string? Audience, int ExpirationSeconds, string Path);

internal sealed record ConfigMapProjection(string Name, IReadOnlyList<KeyPath> Items);

/// <summary>A key and the file that it becomes.</summary>
internal sealed record KeyPath(string Key, string Path);
