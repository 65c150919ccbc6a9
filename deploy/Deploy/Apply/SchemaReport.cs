using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Apply;

/// <summary>What our own look at objects found.</summary>
/// <param name="Faults">What is certainly wrong, each naming object, field and fix.</param>
/// <param name="Unknown">Objects with kinds or fields that our model does not have, such as from people's patches: the cluster is asked about them first.</param>
public sealed record SchemaReport(IReadOnlyList<string> Faults, IReadOnlyList<YamlMap> Unknown);
