using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Hosting.Kubernetes.Lowering;

/// <summary>The Kubernetes objects of one resource in one environment, before names are hashed and images pinned.</summary>
/// <param name="Name">The resource's name as DNS wants it.</param>
/// <param name="Objects">In kind order, then by name.</param>
/// <param name="ConfigMaps">What kustomize's generator makes ConfigMaps of.</param>
/// <param name="BuiltImages">Images of this repository that the objects use.</param>
/// <param name="IsJob">It runs once: see <see cref="JobNames"/>.</param>
internal sealed record LoweredResource(
    string Name, IReadOnlyList<YamlMap> Objects, IReadOnlyList<ConfigMapSource> ConfigMaps, IReadOnlyList<string> BuiltImages,
    bool IsJob = false);

/// <summary>Content of a ConfigMap.</summary>
/// <param name="Name">Name, to which kustomize adds the content hash.</param>
/// <param name="IsSettings">Lines of a settings file rather than files of their own.</param>
/// <param name="IsHashed">False: the name stays as it is and a change rolls nothing.</param>
internal sealed record ConfigMapSource(
    string Name, IReadOnlyDictionary<string, string> Data, bool IsSettings, bool IsHashed, string Resource);

/// <summary>The objects of all resources in one environment.</summary>
internal sealed record LoweredGraph(IReadOnlyList<LoweredResource> Resources);
