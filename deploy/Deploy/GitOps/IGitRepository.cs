namespace MonoRepo.Deploy.GitOps;

/// <summary>A clone of a git repository.</summary>
internal interface IGitRepository
{
    /// <summary>Fetches the branch.</summary>
    /// <exception cref="DeployException">The repository cannot be read.</exception>
    Task<string> FetchAsync(CancellationToken cancellationToken);

    /// <summary>Lays the files of a commit out.</summary>
    /// <exception cref="DeployException">There is no such commit.</exception>
    Task<string> CheckOutAsync(string commit, CancellationToken cancellationToken);
}
