using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Rendering;

/// <summary>An environment as it is applied.</summary>
/// <param name="Objects">All objects, each with its namespace, in kind order.</param>
/// <param name="Remarks">What people should know about their patches.</param>
/// <param name="UnpinnedImages">Images without a digest.</param>
public sealed record RenderedEnvironment(IReadOnlyList<YamlMap> Objects, IReadOnlyList<string> Remarks, IReadOnlyList<string> UnpinnedImages);

/// <summary>What is set at the time of rendering rather than in git.</summary>
/// <param name="Namespace">Takes the place of the environment's namespace, for <c>personal</c>.</param>
/// <param name="Digests">Digests of images that were just built, for <c>personal</c>: image name to <c>sha256:…</c>.</param>
/// <param name="Registry">Takes the place of the environment's registry, for a developer whose registry is called otherwise.</param>
public sealed record RenderSubstitutions(string? Namespace = null, IReadOnlyDictionary<string, string>? Digests = null, string? Registry = null);
