namespace MonoRepo.Deploy.Rollout;

/// <summary>What is waited for, and how far it is: resources that others call come first.</summary>
public sealed record RolloutTree(IReadOnlyList<ResourceProgress> Resources)
{
    /// <summary>Whether everything works.</summary>
    public bool IsReady => Resources.All(r => r.IsReady);

    /// <summary>The resource to look at first: one that failed, else one that needs somebody, else one that waits for no other.</summary>
    public ResourceProgress? FirstFailing =>
        Resources.Where(r => !r.IsReady).OrderBy(r => (r.State != RolloutState.Failed, r.WaitsFor.Count > 0, !r.NeedsPerson)).FirstOrDefault();
}
