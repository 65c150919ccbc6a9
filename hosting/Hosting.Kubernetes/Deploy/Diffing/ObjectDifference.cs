using MonoRepo.Hosting.Kubernetes.Deploy.Kubectl;

namespace MonoRepo.Hosting.Kubernetes.Deploy.Diffing;

/// <summary>What an apply would change in one object.</summary>
/// <param name="Object">The object.</param>
/// <param name="Text">A unified diff.</param>
public sealed record ObjectDifference(ObjectKey Object, string Text);
