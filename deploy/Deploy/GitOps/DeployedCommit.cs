namespace MonoRepo.Deploy.GitOps;

/// <summary>What the deployer remembers.</summary>
/// <param name="Applied">The last commit that worked; null: none yet.</param>
/// <param name="Failed">The commit after it that did not; it is not tried again.</param>
internal sealed record DeployedCommit(string? Applied, string? Failed, string? Reason)
{
    /// <summary>Nothing yet.</summary>
    public static readonly DeployedCommit None = new(null, null, null);
}
