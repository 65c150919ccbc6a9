using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>Text files that appear in the main container (and in sidecars that ask for them), published as a ConfigMap.</summary>
/// <param name="Name">Suffix of the ConfigMap's name, unique in the resource.</param>
/// <param name="Files">File name to content; names without folders.</param>
/// <param name="MountPath">Absolute folder in the container.</param>
/// <param name="Executable">Mode 0555 rather than 0444.</param>
/// <param name="RollOnChange">
/// True: a content-hash name, a change rolls the pods. False: a fixed name, running pods see the change within about a
/// minute, as a size must be that may not roll its members.
/// </param>
public sealed record MountedFilesAnnotation(
    string Name, IReadOnlyDictionary<string, string> Files, string MountPath, bool Executable = false,
    bool RollOnChange = true) : IResourceAnnotation;
