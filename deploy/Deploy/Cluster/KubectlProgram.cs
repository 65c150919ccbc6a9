namespace MonoRepo.Deploy.Cluster;

/// <summary>Which kubectl, with which kubeconfig.</summary>
/// <param name="Path">Name on the PATH, or a path.</param>
/// <param name="Kubeconfig">The kubeconfig; null: what kubectl finds itself (<c>KUBECONFIG</c>, <c>~/.kube/config</c>).</param>
public sealed record KubectlProgram(string Path = "kubectl", string? Kubeconfig = null);
