namespace MonoRepo.Deploy.Rollout;

/// <summary>What is waited for, and how far it is: resources that others call come first.</summary>
internal sealed record RolloutTree(IReadOnlyList<ResourceProgress> Resources)
{
    /// <summary>Whether everything works, as far as it can be told.</summary>
    public bool IsReady => Resources.All(r => r.State is RolloutState.Ready or RolloutState.Unknown);

    /// <summary>
    /// The resource to look at first: one that failed, else one that needs somebody, else one that waits for no other.
    /// </summary>
    public ResourceProgress? FirstFailing =>
        Resources.Where(r => r.State is RolloutState.Progressing or RolloutState.Failed)
        .OrderBy(r => (r.State != RolloutState.Failed, r.WaitsFor.Count > 0, !r.RequiresIntervention)).FirstOrDefault();
}
