using MonoRepo.Deploy.Cluster;

namespace MonoRepo.Deploy.Apply;

/// <summary>What an apply would change in one object.</summary>
/// <param name="Object">The object.</param>
/// <param name="Text">A unified diff.</param>
public sealed record ObjectDifference(ObjectKey Object, string Text);
