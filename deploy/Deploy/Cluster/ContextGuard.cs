namespace MonoRepo.Deploy.Cluster;

/// <summary>An environment names its kube context. Who works in another one at the moment has not meant this one.</summary>
internal static class ContextGuard
{
    /// <summary>Looks at the kubeconfig only; nothing of a cluster has been read or written when this refuses.</summary>
    /// <exception cref="DeployException">The current context is another one.</exception>
    public static void Check(Kubeconfig kubeconfig, string wanted, string environment)
    {
        var current = kubeconfig.CurrentContext;
        if (kubeconfig.Contexts.Count > 0 && current != wanted)
        {
            throw new DeployException(
                $"Environment '{environment}' is in the context '{wanted}', but the current context is " +
                $"{(current is null ? "not set" : $"'{current}'")}. "
                + $"Choose it with `kubectl config use-context {wanted}`, or name another for yourself with " +
                $"--Environments:{environment}:Context.");
        }
    }
}
