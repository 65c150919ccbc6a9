namespace MonoRepo.Deploy.Model;

/// <summary>Where a volume appears in a container.</summary>
internal sealed record VolumeMount(string Name, string MountPath, string? SubPath = null, bool? ReadOnly = null);

/// <summary>A volume of a pod.</summary>
internal sealed record Volume(
    string Name, EmptyDirVolume? EmptyDir = null, ConfigMapVolume? ConfigMap = null, ClaimVolume? PersistentVolumeClaim = null, SecretVolume? Secret = null);

/// <summary>An empty folder that ends with the pod.</summary>
internal sealed record EmptyDirVolume(string? SizeLimit);

/// <summary>Files of a ConfigMap.</summary>
internal sealed record ConfigMapVolume(string Name, int? DefaultMode = null);

/// <summary>A claim that is there already.</summary>
internal sealed record ClaimVolume(string ClaimName);

/// <summary>Keys of a Secret as files.</summary>
internal sealed record SecretVolume(string SecretName, int? DefaultMode = null, bool? Optional = null);
