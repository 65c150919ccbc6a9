using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>Text files that appear in the main container, in sidecars and in scheduled tasks, published as a ConfigMap.</summary>
/// <param name="Name">Suffix of the ConfigMap's name, unique in the resource.</param>
/// <param name="Files">File name to content; names without folders.</param>
/// <param name="MountPath">Absolute folder in the container.</param>
/// <param name="RollOnChange">
/// True: a content-hash name, a change rolls the pods. False: a fixed name, running pods see the change within about a
/// minute, as a size must be that may not roll its members.
/// </param>
internal sealed record MountedFilesAnnotation(
    string Name, IReadOnlyDictionary<string, string> Files, string MountPath, bool RollOnChange = true)
    : IResourceAnnotation;

/// <summary>
/// A file in the container with what was done to the environment, a line of JSON each, newest first. It isn't there before
/// something was done; running pods see a change within about a minute.
/// </summary>
/// <param name="Path">Path of the file, in a folder of its own.</param>
internal sealed record ActivityLogMountAnnotation(string Path) : IResourceAnnotation;

/// <summary>A folder that the container may write to although its root is read-only: an emptyDir.</summary>
internal sealed record WritablePathAnnotation(string Path, string SizeLimit) : IResourceAnnotation;

/// <summary>Size of each volume claim of the resource, and the storage class when not the cluster's default.</summary>
/// <remarks>What is kept there is said by a volume mount (<see cref="ContainerMountAnnotation"/>).</remarks>
internal sealed record StorageAnnotation(string Size, string? StorageClass, SourceLine Line) : IResourceAnnotation;

/// <summary>A Kubernetes object that the resource brings along as YAML text, such as an operator's resource.</summary>
/// <remarks>Labels, owner and namespace are added by publish; images in it are pinned like all others.</remarks>
internal sealed record ManifestObjectAnnotation(string Yaml) : IResourceAnnotation;
