using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Cluster;

/// <summary>What happened to an object.</summary>
/// <param name="Type"><c>ADDED</c>, <c>MODIFIED</c> or <c>DELETED</c>.</param>
/// <param name="Object">The object as it is now, or was last.</param>
public sealed record KubectlEvent(string Type, YamlMap Object);
