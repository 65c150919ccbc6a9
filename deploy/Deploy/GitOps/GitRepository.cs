using MonoRepo.Deploy.Processes;

namespace MonoRepo.Deploy.GitOps;

/// <summary>The git program. Credentials are files of a mounted Secret: they reach neither a command line nor a log.</summary>
/// <param name="url">The repository: https, ssh, git or a path.</param>
/// <param name="folder">Where the clone is; made where it is missing.</param>
/// <param name="secrets">Folder with <c>username</c> and <c>password</c>, or <c>ssh-privatekey</c> and <c>known_hosts</c>; may be
/// empty or missing.</param>
internal sealed class GitRepository(IProcessRunner processes, string url, string branch, string folder, string secrets)
    : IGitRepository
{
    // Enough to find the last commit that worked; the rest is fetched where it is not.
    private const string Depth = "--depth=50";

    // Commits and the names of their files; a server that doesn't know how to leave out the rest sends that, too.
    private const string History = "--filter=blob:none";

    public Task<string> FetchAsync(CancellationToken cancellationToken) => FetchAsync(Depth, cancellationToken);

    /// <summary>Fetches all commits of the branch, without the contents of files where the server can do that.</summary>
    /// <returns>The clone, and the branch's head in it.</returns>
    public async Task<(string Folder, string Head)> FetchHistoryAsync(CancellationToken cancellationToken)
    {
        var head = await FetchAsync(History, cancellationToken);

        // To find renamed files, git reads what is in them.
        await GitAsync(["config", "diff.renames", "false"], cancellationToken);
        return (folder, head);
    }

    private async Task<string> FetchAsync(string extent, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(Path.Combine(folder, ".git")))
        {
            Directory.CreateDirectory(folder);
            await GitAsync(["init", "--quiet", "."], cancellationToken);
        }

        await GitAsync([
            "fetch", "--quiet", "--force", extent, url, $"+refs/heads/{branch}:refs/remotes/origin/{branch}",
        ], cancellationToken);
        return (await GitAsync(["rev-parse", $"refs/remotes/origin/{branch}"], cancellationToken))[0].Trim();
    }

    public async Task<string> CheckOutAsync(string commit, CancellationToken cancellationToken)
    {
        if ((await RunAsync(["cat-file", "-e", commit + "^{commit}"], cancellationToken)).ExitCode != 0)
        {
            await GitAsync(["fetch", "--quiet", "--unshallow", url, $"refs/heads/{branch}"], cancellationToken);
        }

        await GitAsync(["checkout", "--quiet", "--force", "--detach", commit], cancellationToken);
        return folder;
    }

    private async Task<IReadOnlyList<string>> GitAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var result = await RunAsync(arguments, cancellationToken);
        return result.ExitCode == 0 ? result.Output : throw new DeployException(
            $"git {arguments[0]} of {url} failed: " +
            $"{string.Join(' ', result.Lines.Where(l => l.Trim().Length > 0).Select(l => l.Trim()).TakeLast(2))}");
    }

    private async Task<ProcessResult> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var run = new ProcessRun("git", [.. Credentials(), .. arguments], folder)
        {
            Environment = new Dictionary<string, string> { ["GIT_TERMINAL_PROMPT"] = "0", ["GIT_SSH_COMMAND"] = Ssh() },
        };
        return await processes.RunAsync(run, cancellationToken)
            ?? throw new DeployException("git was not found on the PATH. Install git.");
    }

    // git asks this for each request; the file is read then and there.
    private string[] Credentials() => File.Exists(Path.Combine(secrets, "password"))
        ? ["-c", $"credential.helper=!f() {{ test \"$1\" = get && echo username=$(cat '{secrets}/username') && echo " +
        $"password=$(cat '{secrets}/password'); }}; f"]
        : [];

    private string Ssh() => File.Exists(Path.Combine(secrets, "ssh-privatekey"))
        ? $"ssh -i '{secrets}/ssh-privatekey' -o IdentitiesOnly=yes -o StrictHostKeyChecking=yes -o " +
        $"UserKnownHostsFile='{secrets}/known_hosts'"
        : "ssh -o BatchMode=yes";
}

/// <summary>A clone of a git repository.</summary>
internal interface IGitRepository
{
    /// <summary>Fetches the branch.</summary>
    /// <exception cref="DeployException">The repository cannot be read.</exception>
    Task<string> FetchAsync(CancellationToken cancellationToken);

    /// <summary>Lays the files of a commit out.</summary>
    /// <exception cref="DeployException">The commit doesn't exist.</exception>
    Task<string> CheckOutAsync(string commit, CancellationToken cancellationToken);
}
