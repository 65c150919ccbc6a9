namespace MonoRepo.Deploy.GitOps;

/// <summary>Where the deployer remembers what it did.</summary>
internal interface IDeployedCommitStore
{
    /// <summary>Reads it; <see cref="DeployedCommit.None"/> where there is nothing.</summary>
    Task<DeployedCommit> ReadAsync(CancellationToken cancellationToken);

    Task WriteAsync(DeployedCommit commit, CancellationToken cancellationToken);
}
