using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Rendering;

/// <summary>An environment as it is applied.</summary>
/// <param name="Objects">All objects, each with its namespace, in kind order.</param>
/// <param name="PatchRemarks">Patches that match nothing or change what belongs to the graph.</param>
/// <param name="OutdatedPins">Images that run under the digest of another tag than the graph has.</param>
/// <param name="UnpinnedImages">Images without a digest.</param>
internal sealed record RenderedEnvironment(
    IReadOnlyList<YamlMap> Objects, IReadOnlyList<string> PatchRemarks, IReadOnlyList<string> OutdatedPins,
    IReadOnlyList<string> UnpinnedImages)
{
    /// <summary>All that people should know about their patches and pins.</summary>
    public IEnumerable<string> Remarks => [.. PatchRemarks, .. OutdatedPins];
}

/// <summary>What is set at the time of rendering rather than in git.</summary>
/// <param name="Namespace">Takes the place of the environment's namespace, for <c>personal</c>.</param>
/// <param name="Digests">Digests of images that were just built, for <c>personal</c>: image name to <c>sha256:…</c>.</param>
/// <param name="Registry">Takes the place of the environment's registry, for a developer whose registry is called
/// otherwise.</param>
internal sealed record RenderSubstitutions(
    string? Namespace = null, IReadOnlyDictionary<string, string>? Digests = null, string? Registry = null);
