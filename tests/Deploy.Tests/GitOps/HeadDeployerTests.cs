using MonoRepo.Deploy;
using MonoRepo.Deploy.Canary;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.GitOps;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Processes;
using MonoRepo.Deploy.Summary;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Tests.Deploy;

public sealed class HeadDeployerTests
{
    private readonly Git _git = new();
    private readonly FakeCluster _cluster = new();
    private readonly DeployedCommitStore _store;
    private readonly List<string> _applied = [];
    private readonly Dictionary<string, Exception> _faults = [];

    public HeadDeployerTests() => _store = new(_cluster, "shop");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AHeadThatWorksIsRemembered()
    {
        Assert.Equal(0, await RunAsync("a"));
        Assert.Equal(new DeployedCommit("a", null, null), await _store.ReadAsync(Token));
        Assert.Equal(["get", "monorepo-deployer ConfigMap/deployer-state", "get"], _cluster.Calls);
    }

    [Fact]
    public async Task TheSameHeadIsAppliedAgainToMendWhatSomebodyChanged()
    {
        await RunAsync("a");
        _cluster.Calls.Clear();
        Assert.Equal(0, await RunAsync("a"));
        Assert.Equal(["a", "a"], _applied);
        Assert.Equal(["get"], _cluster.Calls);
    }

    [Fact]
    public async Task AHeadThatDoesNotWorkIsRolledBackAndLeftAloneUntilTheBranchMovesOn()
    {
        await RunAsync("a");
        _faults["b"] = new DeployException("frontend is not ready");
        Assert.Equal(1, await RunAsync("b"));
        Assert.Equal(["a", "b (new)", "a"], _applied);
        Assert.Equal(new DeployedCommit("a", "b", "frontend is not ready"), await _store.ReadAsync(Token));

        Assert.Equal(1, await RunAsync("b"));
        Assert.Equal(["a", "b (new)", "a", "a"], _applied);

        Assert.Equal(0, await RunAsync("c"));
        Assert.Equal(new DeployedCommit("c", null, null), await _store.ReadAsync(Token));
    }

    [Fact]
    public async Task ACommitThatHasWorkedIsTriedAgainWhateverGoesWrong()
    {
        await RunAsync("a");
        _faults["a"] = new DeployException("a node is full");
        await Assert.ThrowsAsync<DeployException>(() => RunAsync("a"));
        Assert.Equal(new DeployedCommit("a", null, null), await _store.ReadAsync(Token));

        _faults.Clear();
        Assert.Equal(0, await RunAsync("a"));
    }

    [Fact]
    public async Task TheFirstCommitHasNothingToGoBackTo()
    {
        _faults["a"] = new DeployException("no");
        await Assert.ThrowsAsync<DeployException>(() => RunAsync("a"));
        Assert.Equal(new DeployedCommit(null, "a", "no"), await _store.ReadAsync(Token));
    }

    [Fact]
    public async Task AClusterThatIsAwaySaysNothingAboutACommit()
    {
        await RunAsync("a");
        _faults["b"] = new ClusterException(ClusterErrorReason.Unreachable, "away");
        await Assert.ThrowsAsync<ClusterException>(() => RunAsync("b"));
        Assert.Equal(new DeployedCommit("a", null, null), await _store.ReadAsync(Token));
    }

    [Fact]
    public async Task AnInconclusiveCanary_LeavesTheCommitBefore_AndIsTriedAgain()
    {
        await RunAsync("a");
        _faults["b"] = new InconclusiveCanaryException("too little");
        Assert.Equal(3, await RunAsync("b"));
        Assert.Equal(new DeployedCommit("a", null, null), await _store.ReadAsync(Token));

        _faults.Clear();
        Assert.Equal(0, await RunAsync("b"));
        Assert.Equal(["a", "b (new)", "a", "b (new)"], _applied);
    }

    [Fact]
    public async Task GitFetchesAndChecksOutAlsoWhatIsNoLongerTheHead()
    {
        using var folder = new TemporaryFolder();
        var origin = Path.Combine(folder.Path, "origin");
        Directory.CreateDirectory(origin);
        var processes = new ProcessRunner();
        async Task<string> InOrigin(params string[] arguments)
        {
            var result = await processes.RunAsync(
                new("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", .. arguments], origin), Token);
            Assert.SkipWhen(result is null, "git is not installed.");
            Assert.Equal(0, result.ExitCode);
            return result.Output[0];
        }

        await InOrigin("init", "--quiet", "--initial-branch=main");
        File.WriteAllText(Path.Combine(origin, "a"), "1");
        await InOrigin("add", "a");
        await InOrigin("commit", "--quiet", "-m", "1");
        var first = await InOrigin("rev-parse", "HEAD");
        File.WriteAllText(Path.Combine(origin, "a"), "2");
        await InOrigin("commit", "--quiet", "-am", "2");

        var git = new GitRepository(
            processes, $"file://{origin}", "main", Path.Combine(folder.Path, "clone"), Path.Combine(folder.Path, "none"));
        var head = await git.FetchAsync(Token);
        Assert.NotEqual(first, head);
        Assert.Equal("2", File.ReadAllText(Path.Combine(await git.CheckOutAsync(head, Token), "a")));
        Assert.Equal("1", File.ReadAllText(Path.Combine(await git.CheckOutAsync(first, Token), "a")));
        var wrong = new GitRepository(processes, $"file://{origin}/none", "main", Path.Combine(folder.Path, "other"), "/none");
        var fault = await Assert.ThrowsAsync<DeployException>(() => wrong.FetchAsync(Token));
        Assert.StartsWith($"git fetch of file://{origin}/none failed: ", fault.Message, StringComparison.Ordinal);

        // A history is without what is in the files; what is read of it is there, also where a file was renamed and changed.
        await InOrigin("config", "uploadpack.allowFilter", "true");
        File.WriteAllLines(Path.Combine(origin, "a"), Enumerable.Range(0, 100).Select(i => $"line {i}"));
        await InOrigin("commit", "--quiet", "-am", "3");
        await InOrigin("mv", "a", "b");
        File.AppendAllText(Path.Combine(origin, "b"), "one more");
        await InOrigin("commit", "--quiet", "-am", "4");
        var history = new GitRepository(processes, $"file://{origin}", "main", Path.Combine(folder.Path, "history"), "/none");
        var (clone, tip) = await history.FetchHistoryAsync(Token);
        Directory.Move(origin, $"{origin}-gone");
        var commits = await SummaryCommits.ReadAsync(
            processes, clone, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), Token, tip);
        Assert.Equal(["4", "3", "2", "1"], commits.Select(c => c.Subject));
        Assert.Equal(["a", "b"], commits[0].Files);
    }

    private async Task<int> RunAsync(string head)
    {
        _git.Head = head;
        return await new HeadDeployer(_git, _store, ApplyAsync, _ => { }).RunAsync(Token);
    }

    private Task ApplyAsync(string folder, bool isNew, CancellationToken cancellationToken)
    {
        _applied.Add(isNew ? $"{folder} (new)" : folder);
        return _faults.TryGetValue(folder, out var fault) ? Task.FromException(fault) : Task.CompletedTask;
    }

    private sealed class Git : IGitRepository
    {
        public string Head { get; set; } = "";

        public Task<string> FetchAsync(CancellationToken cancellationToken) => Task.FromResult(Head);

        public Task<string> CheckOutAsync(string commit, CancellationToken cancellationToken) => Task.FromResult(commit);
    }
}
