using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.GitOps;

/// <summary>
/// The manifests of an environment as a commit has them: what is in git counts, not what a graph would say today.
/// </summary>
internal static class RenderedFolder
{
    /// <summary>Renders the overlay of an environment.</summary>
    /// <exception cref="DeployException">The overlay doesn't exist, or an image that must be pinned has no
    /// digest.</exception>
    public static IReadOnlyList<YamlMap> Read(string repository, string environment)
    {
        var rendered = new Renderer(ManifestTree.Open(Path.Combine(repository, "k8s"))).Render(environment);
        PinRule.ThrowIfUnpinned(environment, rendered.UnpinnedImages);
        return rendered.Objects;
    }
}
