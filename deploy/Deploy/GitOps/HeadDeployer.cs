using MonoRepo.Deploy.Cluster;

namespace MonoRepo.Deploy.GitOps;

/// <summary>
/// Brings an environment to the head of a branch, every time: what somebody changed by hand is put right as well. A head that does not
/// work is rolled back: the last commit that worked is applied again, and the one that did not is left alone until the branch moves on.
/// A cluster or a repository that cannot be reached says nothing about a commit, nor does what goes wrong with one that has worked.
/// </summary>
/// <param name="git">The repository.</param>
/// <param name="store">What was done so far.</param>
/// <param name="apply">Applies the manifests in a folder and waits until they work; throws where they do not.</param>
/// <param name="say">A line for the log.</param>
internal sealed class HeadDeployer(IGitRepository git, IDeployedCommitStore store, Func<string, CancellationToken, Task> apply, Action<string> say)
{
    private const int ShownDigits = 12;

    /// <summary>Does it.</summary>
    /// <returns>Whether the environment is at the head; false: it is at the last commit that worked.</returns>
    /// <exception cref="DeployException">It failed, and there is nothing to go back to.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var head = await git.FetchAsync(cancellationToken).ConfigureAwait(false);
        var state = await store.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (head == state.Failed && state.Applied is { } good)
        {
            say($"{Short(head)} did not work ({state.Reason}); {Short(good)} stays until the branch moves on.");
            await ApplyAsync(good, cancellationToken).ConfigureAwait(false);
            return false;
        }

        try
        {
            await ApplyAsync(head, cancellationToken).ConfigureAwait(false);
        }
        catch (DeployException fault) when (head != state.Applied && IsOfTheCommit(fault))
        {
            await store.WriteAsync(state with { Failed = head, Reason = FirstLine(fault.Message) }, cancellationToken).ConfigureAwait(false);
            if (state.Applied is null)
            {
                throw;
            }

            say($"{Short(head)} does not work: {fault.Message}");
            say($"Back to {Short(state.Applied)}.");
            await ApplyAsync(state.Applied, cancellationToken).ConfigureAwait(false);
            return false;
        }

        if (state != new DeployedCommit(head, null, null))
        {
            await store.WriteAsync(new(head, null, null), cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private async Task ApplyAsync(string commit, CancellationToken cancellationToken)
    {
        say($"Applying {Short(commit)}.");
        await apply(await git.CheckOutAsync(commit, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    private static bool IsOfTheCommit(DeployException fault) =>
        fault is not ClusterException { Reason: ClusterErrorReason.Unreachable or ClusterErrorReason.Timeout };

    private static string FirstLine(string text) => text.Split('\n')[0];

    private static string Short(string commit) => commit.Length > ShownDigits ? commit[..ShownDigits] : commit;
}
