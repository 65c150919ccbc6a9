using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Setup;

/// <summary>Objects that are made together.</summary>
/// <param name="Namespace">The namespace of those that have one; null: that of the environment.</param>
internal sealed record SetupStep(string Title, string? Namespace, IReadOnlyList<YamlMap> Objects);
