namespace MonoRepo.Deploy.Rendering;

/// <summary>
/// A Job can't change, so it gets a new name whenever what it runs is new. It is named like the ConfigMap of its settings, which
/// kustomize names by content, last of all: the settings therefore also state the Job's version and its image. The image is the
/// pinned one: the overlay copies it from the Job once pins and registry are applied.
/// </summary>
internal static class JobNames
{
    /// <summary>Setting: the image that the Job runs.</summary>
    public const string Image = "MONOREPO_IMAGE";

    /// <summary>Setting: hash of the Job's own content, its other settings and its files.</summary>
    public const string Version = "MONOREPO_VERSION";
}
