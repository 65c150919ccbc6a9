using MonoRepo.Deploy;
using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.GitOps;
using MonoRepo.Deploy.Rollout;

namespace MonoRepo.Deployer;

/// <summary>Applies an overlay of a checked-out repository as <c>apply</c> does, inventory and all, and waits until it works.</summary>
internal sealed class OverlayApply(IClusterClient cluster, DeployerSettings settings, Action<string> say)
{
    public async Task RunAsync(string repository, CancellationToken cancellationToken)
    {
        var objects = RenderedFolder.Read(repository, settings.Environment);
        var applier = new Applier(cluster, WaitAsync, say)
        {
            Activity = new(cluster, settings.Application, settings.Environment, repository, say),
        };

        // What is in git counts, not what somebody changed by hand; what is not ours stays whose it is.
        var request = new DeployRequest(settings.Application, settings.Environment, objects, ChangeScope.All) { TakeFields = true };
        var result = await applier.ApplyAsync(request, cancellationToken).ConfigureAwait(false);
        say($"{settings.Environment}: {result.Created.Count} created, {result.Changed.Count} changed, {result.Deleted.Count} deleted, {result.Unchanged.Count} unchanged.");
    }

    private async Task<bool> WaitAsync(Awaited awaited, CancellationToken cancellationToken)
    {
        var waiter = new RolloutWaiter(cluster, new PlainRolloutView(Console.Out), TimeProvider.System);
        var result = await waiter.WaitAsync(awaited.Objects, new() { Timeout = settings.Timeout, Seen = awaited.Seen }, cancellationToken).ConfigureAwait(false);
        return result.IsReady
            ? true
            : throw new DeployException($"{result.Failure?.Resource.Kind} {result.Failure?.Resource.Name} does not work: {result.Failure?.Pod?.Reason ?? result.Failure?.Resource.Reason}");
    }
}
