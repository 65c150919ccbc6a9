using MonoRepo.Deploy.Model;

namespace MonoRepo.Deploy.Cluster;

/// <summary>Where kubectl works.</summary>
/// <param name="Context">Context of the kubeconfig.</param>
/// <param name="Namespace">Namespace of objects that have one.</param>
public sealed record KubectlTarget(string Context, string Namespace);
