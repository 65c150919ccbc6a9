using MonoRepo.Deploy.Canary;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.GitOps;

/// <summary>
/// Brings an environment to the head of a branch, every time: what somebody changed by hand is put right as well. A head that
/// does not work is rolled back: the last commit that worked is applied again, and the one that did not is left alone until the
/// branch moves on. A cluster or a repository that cannot be reached says nothing about a commit, nor does what goes wrong with
/// one that has worked, nor an inconclusive canary.
/// </summary>
/// <param name="store">What was done so far.</param>
/// <param name="apply">
/// Applies the manifests in a folder and waits for the rollout; throws if it fails. The second value is true if a working
/// commit is being replaced, so that a canary can run first.
/// </param>
internal sealed class HeadDeployer(
    IGitRepository git, DeployedCommitStore store, Func<string, bool, CancellationToken, Task> apply, Action<string> say)
{
    private const int Done = 0;
    private const int RolledBack = 1;
    private const int Inconclusive = 3;
    private const int ShownDigits = 12;

    /// <summary>Does it.</summary>
    /// <returns>
    /// The exit code. 0: the environment is at the head; else it is at the last commit that worked. 1: the head does not work; 3:
    /// the head's canary was inconclusive, and is tried again at the next turn.
    /// </returns>
    /// <exception cref="DeployException">It failed, and there is nothing to go back to.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var head = await git.FetchAsync(cancellationToken);
        var state = await store.ReadAsync(cancellationToken);
        if (head == state.Failed && state.Applied is { } good)
        {
            say($"{Short(head)} did not work ({state.Reason}); {Short(good)} stays until the branch moves on.");
            await ApplyAsync(good, isNew: false, cancellationToken);
            return RolledBack;
        }

        try
        {
            await ApplyAsync(head, isNew: state.Applied is not null && head != state.Applied, cancellationToken);
        }
        catch (InconclusiveCanaryException unclear)
        {
            say($"{Short(head)} is not applied: {unclear.Message}");
            say($"{Short(state.Applied!)} stays, and {Short(head)} is tried again at the next turn.");
            await ApplyAsync(state.Applied!, isNew: false, cancellationToken);
            return Inconclusive;
        }
        catch (DeployException fault) when (head != state.Applied && IsOfTheCommit(fault))
        {
            await store.WriteAsync(state with { Failed = head, Reason = FirstLine(fault.Message) }, cancellationToken);
            if (state.Applied is null)
            {
                throw;
            }

            say($"{Short(head)} does not work: {fault.Message}");
            say($"Back to {Short(state.Applied)}.");
            await ApplyAsync(state.Applied, isNew: false, cancellationToken);
            return RolledBack;
        }

        if (state != new DeployedCommit(head, null, null))
        {
            await store.WriteAsync(new(head, null, null), cancellationToken);
        }

        return Done;
    }

    private async Task ApplyAsync(string commit, bool isNew, CancellationToken cancellationToken)
    {
        say($"Applying {Short(commit)}.");
        await apply(await git.CheckOutAsync(commit, cancellationToken), isNew, cancellationToken);
    }

    private static bool IsOfTheCommit(DeployException fault) =>
        fault is not ClusterException { Reason: ClusterErrorReason.Unreachable or ClusterErrorReason.Timeout };

    private static string FirstLine(string text) => text.Split('\n')[0];

    private static string Short(string commit) => commit.Length > ShownDigits ? commit[..ShownDigits] : commit;
}

/// <summary>
/// The manifests of an environment as a commit has them: what is in git counts, not what a graph would say today.
/// </summary>
internal static class RenderedFolder
{
    /// <summary>Renders the overlay of an environment.</summary>
    /// <exception cref="DeployException">The overlay doesn't exist, or an image that must be pinned has no
    /// digest.</exception>
    public static IReadOnlyList<YamlMap> Read(string repository, string environment)
    {
        var rendered = new Renderer(ManifestTree.Open(Path.Combine(repository, "k8s"))).Render(environment);
        PinRule.ThrowIfUnpinned(environment, rendered.UnpinnedImages);
        return rendered.Objects;
    }
}
