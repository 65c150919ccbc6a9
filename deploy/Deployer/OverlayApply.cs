using MonoRepo.Deploy;
using MonoRepo.Deploy.Activity;
using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Canary;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.GitOps;
using MonoRepo.Deploy.Rollout;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deployer;

/// <summary>
/// Applies an overlay of a checked-out repository as <c>apply</c> does, inventory and all, and waits until it works; where the
/// overlay says so, changed images are tried beside the current ones first.
/// </summary>
internal sealed class OverlayApply(IClusterClient cluster, DeployerSettings settings, Action<string> say)
{
    public async Task RunAsync(string repository, bool isNew, CancellationToken cancellationToken)
    {
        var objects = RenderedFolder.Read(repository, settings.Environment);
        var activity = new ActivityRecorder(cluster, settings.Application, settings.Environment, repository, say);
        var stage = new CanaryStage(cluster, FindFailureAsync, JudgeAsync, say);
        var candidates = await stage.RunAsync(
            objects, isNew ? CanaryPolicy.Read(repository, settings.Environment) : null, cancellationToken);
        try
        {
            await ApplyAsync(objects, activity, cancellationToken);
        }
        finally
        {
            // Who was stopped leaves them to the next run.
            if (!cancellationToken.IsCancellationRequested)
            {
                await stage.RemoveAsync(candidates, cancellationToken);
            }
        }

        Task<CanaryResult> JudgeAsync(ObjectKey baseline, CanaryPolicy policy, CancellationToken cancellation) =>
            new CanaryTrial(cluster, settings.Prometheus, activity, line => say($"{baseline}: {line}"), TimeProvider.System)
                .JudgeAsync(baseline, policy.JudgeFor, policy.LookEvery, cancellation);
    }

    private async Task ApplyAsync(IReadOnlyList<YamlMap> objects, ActivityRecorder activity, CancellationToken cancellationToken)
    {
        var applier = new Applier(cluster, WaitAsync, say) { Activity = activity };

        // What is in git counts, not what somebody changed by hand; what is not ours stays whose it is.
        var request =
            new DeployRequest(settings.Application, settings.Environment, objects, ChangeScope.All) { TakeFields = true };
        var result = await applier.ApplyAsync(request, cancellationToken);
        say($"{settings.Environment}: {result.Created.Count} created, {result.Changed.Count} changed, {result.Deleted.Count} " +
            $"deleted, {result.Unchanged.Count} unchanged.");
    }

    private async Task<bool> WaitAsync(RolloutRequest awaited, CancellationToken cancellationToken) =>
        await FindFailureAsync(awaited.Objects, awaited.Seen, cancellationToken) is { } failure
        ? throw new DeployException(failure)
        : true;

    private Task<string?> FindFailureAsync(IReadOnlyList<YamlMap> objects, CancellationToken cancellationToken) =>
        FindFailureAsync(objects, null, cancellationToken);

    private async Task<string?> FindFailureAsync(
        IReadOnlyList<YamlMap> objects, IReadOnlyList<YamlMap>? seen, CancellationToken cancellationToken)
    {
        var waiter = new RolloutWaiter(cluster, new PlainRolloutView(Console.Out), TimeProvider.System);
        var result = await waiter.WaitAsync(objects, new() { Timeout = settings.Timeout, Seen = seen }, cancellationToken);
        return result.IsReady
            ? null
            : $"{result.Failure?.Resource.Kind} {result.Failure?.Resource.Name} does not work: " +
            $"{result.Failure?.Pod?.Reason ?? result.Failure?.Resource.Reason}";
    }
}
