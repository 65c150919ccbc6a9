using Aspire.Hosting;
using MonoRepo.Hosting.Kubernetes.Deploy.HeadDeployment;
using MonoRepo.Hosting.Kubernetes.Deploy.Images;
using MonoRepo.Hosting.Kubernetes.Deploy.Kubectl;
using MonoRepo.Hosting.Kubernetes.Output;
using MonoRepo.Hosting.Kubernetes.Overlays;

namespace MonoRepo.Tests;

public sealed class HeadDeployerTests
{
    private readonly Git _git = new();
    private readonly Store _store = new();
    private readonly List<string> _applied = [];
    private readonly Dictionary<string, Exception> _faults = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AHeadThatWorksIsRemembered()
    {
        Assert.True(await RunAsync("a"));
        Assert.Equal(new DeployedCommit("a", null, null), _store.State);
    }

    [Fact]
    public async Task TheSameHeadIsAppliedAgainToMendWhatSomebodyChanged()
    {
        await RunAsync("a");
        _store.Writes = 0;
        Assert.True(await RunAsync("a"));
        Assert.Equal(["a", "a"], _applied);
        Assert.Equal(0, _store.Writes);
    }

    [Fact]
    public async Task AHeadThatDoesNotWorkIsRolledBackAndLeftAloneUntilTheBranchMovesOn()
    {
        await RunAsync("a");
        _faults["b"] = new DistributedApplicationException("frontend is not ready");
        Assert.False(await RunAsync("b"));
        Assert.Equal(["a", "b", "a"], _applied);
        Assert.Equal(new DeployedCommit("a", "b", "frontend is not ready"), _store.State);

        Assert.False(await RunAsync("b"));
        Assert.Equal(["a", "b", "a", "a"], _applied);

        Assert.True(await RunAsync("c"));
        Assert.Equal(new DeployedCommit("c", null, null), _store.State);
    }

    [Fact]
    public async Task ACommitThatHasWorkedIsTriedAgainWhateverGoesWrong()
    {
        await RunAsync("a");
        _faults["a"] = new DistributedApplicationException("a node is full");
        await Assert.ThrowsAsync<DistributedApplicationException>(() => RunAsync("a"));
        Assert.Equal(new DeployedCommit("a", null, null), _store.State);

        _faults.Clear();
        Assert.True(await RunAsync("a"));
    }

    [Fact]
    public async Task TheFirstCommitHasNothingToGoBackTo()
    {
        _faults["a"] = new DistributedApplicationException("no");
        await Assert.ThrowsAsync<DistributedApplicationException>(() => RunAsync("a"));
        Assert.Equal(new DeployedCommit(null, "a", "no"), _store.State);
    }

    [Fact]
    public async Task AClusterThatIsAwaySaysNothingAboutACommit()
    {
        await RunAsync("a");
        _faults["b"] = new KubectlException(KubectlFault.Unreachable, "away");
        await Assert.ThrowsAsync<KubectlException>(() => RunAsync("b"));
        Assert.Equal(new DeployedCommit("a", null, null), _store.State);
    }

    [Fact]
    public async Task GitFetchesAndChecksOutAlsoWhatIsNoLongerTheHead()
    {
        using var folder = new TemporaryFolder();
        var origin = Path.Combine(folder.Path, "origin");
        Directory.CreateDirectory(origin);
        var tool = new BuildTool();
        async Task<string> InOrigin(params string[] arguments)
        {
            var result = await tool.RunAsync(new("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", .. arguments], origin), Token);
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

        var git = new GitRepository(tool, $"file://{origin}", "main", Path.Combine(folder.Path, "clone"), Path.Combine(folder.Path, "none"));
        var head = await git.FetchAsync(Token);
        Assert.NotEqual(first, head);
        Assert.Equal("2", File.ReadAllText(Path.Combine(await git.CheckOutAsync(head, Token), "a")));
        Assert.Equal("1", File.ReadAllText(Path.Combine(await git.CheckOutAsync(first, Token), "a")));
        var wrong = new GitRepository(tool, $"file://{origin}/none", "main", Path.Combine(folder.Path, "other"), "/none");
        var fault = await Assert.ThrowsAsync<DistributedApplicationException>(() => wrong.FetchAsync(Token));
        Assert.StartsWith($"git fetch of file://{origin}/none failed: ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheDeployerMayNeitherWriteSecretsNorGiveItselfMore()
    {
        var graph = new TestGraph();
        graph.AddDeploymentEnvironment("dev", "k3d-shop", registry: "localhost:5000")
            .WithDeployer("https://git.example.org/shop.git", "registry.example.org/deployer@sha256:" + new string('a', 64));
        var tree = Publication.Build(graph.Model);
        var objects = YamlReader.ReadAll(tree.Generated["overlays/dev/deployer.yaml"]).OfType<YamlMap>().ToList();
        Assert.Equal(
            ["ServiceAccount", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding", "NetworkPolicy", "CronJob"],
            objects.Select(o => o.Text("kind")));
        Assert.All(objects.Where(o => !o.Text("kind")!.StartsWith("Cluster", StringComparison.Ordinal)), o => Assert.Equal("dev", o.Map("metadata")!.Text("namespace")));
        string[] reading = ["get", "list", "watch"];
        foreach (var rule in objects.SelectMany(o => o.List("rules") ?? []).Cast<YamlMap>())
        {
            var verbs = rule.List("verbs")!.Select(v => ((YamlScalar)v).Text).ToList();
            var resources = rule.List("resources")!.Select(v => ((YamlScalar)v).Text).ToList();
            Assert.Empty(verbs.Intersect(["*", "escalate", "bind", "impersonate"]));
            Assert.DoesNotContain("serviceaccounts/token", resources);
            if (resources.Contains("secrets"))
            {
                Assert.Empty(verbs.Except(reading));
            }
        }

        Assert.All(
            objects.Single(o => o.Text("kind") == "ClusterRole").List("rules")!.Cast<YamlMap>(),
            r => Assert.Empty(r.List("verbs")!.Select(v => ((YamlScalar)v).Text).Except(reading)));
        Assert.DoesNotContain("deployer.yaml", tree.Generated["overlays/dev/kustomization.yaml"], StringComparison.Ordinal);
    }

    private async Task<bool> RunAsync(string head)
    {
        _git.Head = head;
        return await new HeadDeployer(_git, _store, ApplyAsync, _ => { }).RunAsync(Token);
    }

    private Task ApplyAsync(string folder, CancellationToken cancellationToken)
    {
        _applied.Add(folder);
        return _faults.TryGetValue(folder, out var fault) ? Task.FromException(fault) : Task.CompletedTask;
    }

    private sealed class Git : IGitRepository
    {
        public string Head { get; set; } = "";

        public Task<string> FetchAsync(CancellationToken cancellationToken) => Task.FromResult(Head);

        public Task<string> CheckOutAsync(string commit, CancellationToken cancellationToken) => Task.FromResult(commit);
    }

    private sealed class Store : IDeployedCommitStore
    {
        public DeployedCommit State { get; private set; } = DeployedCommit.None;

        public int Writes { get; set; }

        public Task<DeployedCommit> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(State);

        public Task WriteAsync(DeployedCommit commit, CancellationToken cancellationToken)
        {
            State = commit;
            Writes++;
            return Task.CompletedTask;
        }
    }
}
