namespace MonoRepo.Deploy.Cluster;

/// <summary>An environment names its kube context. Who works in another one at the moment has not meant this one.</summary>
public static class ContextGuard
{
    /// <summary>Asks the kubeconfig only; nothing of a cluster has been read or written when this refuses.</summary>
    /// <exception cref="DeployException">The current context is another one.</exception>
    public static async Task CheckAsync(IKubectl kubectl, string environment, CancellationToken cancellationToken)
    {
        var wanted = kubectl.Target.Context;
        var current = await kubectl.CurrentContextAsync(cancellationToken).ConfigureAwait(false);
        if (current != wanted)
        {
            throw new DeployException(
                $"Environment '{environment}' is in the context '{wanted}', but the current context is {(current is null ? "not set" : $"'{current}'")}. "
                + $"Choose it with `kubectl config use-context {wanted}`, or name another for yourself with --Environments:{environment}:Context.");
        }
    }
}
