using MonoRepo.Deploy;
using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Setup;
using MonoRepo.Deploy.StatefulSets;
using MonoRepo.Deploy.Yaml;
using static MonoRepo.Tests.Deploy.DeployObjects;

namespace MonoRepo.Tests.Deploy;

public sealed class ApplierTests
{
    private static readonly ObjectKey s_inventory = new("", "ConfigMap", "shop-dev-inventory");

    private readonly FakeCluster _cluster = new FakeCluster().With(DeployObjects.Namespace);

    [Fact]
    public async Task TheInventoryIsWrittenBeforeTheApply()
    {
        await ApplyAsync(Deployment("web"));

        Assert.Equal(
            ["dry-run Deployment/web", "create ConfigMap/shop-dev-inventory", "apply Deployment/web"],
            _cluster.Calls.Where(call => call != "get").Take(3));
        Assert.Equal("Deployment.apps/web web\n", Listed);
    }

    [Fact]
    public async Task ASecondApplyChangesNothing()
    {
        await ApplyAsync(Deployment("web"), ConfigMap("web", "settings-1"));

        var result = await ApplyAsync(Deployment("web"), ConfigMap("web", "settings-1"));

        Assert.Empty(result.Created.Concat(result.Changed).Concat(result.Deleted));
        Assert.Equal(2, result.Unchanged.Count);
    }

    [Fact]
    public async Task Apply_OfWhatIsThere_WritesNothing()
    {
        var one = Owned(
            Deployment("web"), "monorepo",
            "f:metadata: {f:annotations: {f:monorepo/resource: {}}}\nf:spec: {f:replicas: {}, f:template: {f:spec: " +
            "{f:containers: {'k:{\"name\":\"main\"}': {.: {}, f:name: {}, f:image: {}, f:envFrom: {}}}}}}");
        ((YamlMap)one.Map("metadata")!.List("managedFields")![0]).Add("operation", "Apply");
        await ApplyAsync(Deployment("web"));
        _cluster.With(one);
        _cluster.Calls.Clear();

        var result = await ApplyAsync(Deployment("web"));

        Assert.Single(result.Unchanged);
        Assert.All(_cluster.Calls, call => Assert.Equal("get", call));
    }

    [Fact]
    public async Task AnOldConfigMapGoesOnceNothingRefersToIt()
    {
        await ApplyAsync(Deployment("web", settings: "settings-1"), ConfigMap("web", "settings-1"));
        _cluster.With(
            Read("kind: ReplicaSet\napiVersion: apps/v1\nmetadata: {name: web-1}\nspec: {volumes: [{configMap: {name: " +
                "settings-1}}]}"));

        var kept = await ApplyAsync(Deployment("web", settings: "settings-2"), ConfigMap("web", "settings-2"));
        await _cluster.DeleteAsync([new("apps", "ReplicaSet", "web-1")], new(), TestContext.Current.CancellationToken);
        var gone = await ApplyAsync(Deployment("web", settings: "settings-2"), ConfigMap("web", "settings-2"));

        Assert.Equal(["configmap/settings-1"], kept.Kept.Select(k => k.ToString()));
        Assert.Equal(["configmap/settings-1"], gone.Deleted.Select(k => k.ToString()));
        Assert.DoesNotContain("settings-1", Listed);
    }

    [Fact]
    public async Task AnOldConfigMapStaysWhenTheRolloutFailed()
    {
        await ApplyAsync(Deployment("web", settings: "settings-1"), ConfigMap("web", "settings-1"));

        var result = await ApplyAsync(
            new Options { Works = false }, Deployment("web", settings: "settings-2"), ConfigMap("web", "settings-2"));

        Assert.False(result.IsReady);
        Assert.Contains(new ObjectKey("", "ConfigMap", "settings-1"), _cluster.Keys);
        Assert.Contains("settings-1", Listed);
    }

    [Theory]
    [InlineData("apply")]
    [InlineData("delete")]
    public async Task AnApplyThatIsInterruptedIsFinishedByTheNext(string at)
    {
        await ApplyAsync(Deployment("web"), Deployment("old"));
        _cluster.Before = call =>
        {
            if (call.StartsWith(
            at, StringComparison.Ordinal)) { throw new OperationCanceledException(); }
        };
        await Assert.ThrowsAsync<OperationCanceledException>(() => ApplyAsync(Deployment("web"), Deployment("more")));
        _cluster.Before = _ => { };
        Assert.All(_cluster.Keys.Where(k => k.Kind == "Deployment"), k => Assert.Contains(k.Name, Listed));

        await ApplyAsync(Deployment("web"), Deployment("more"));

        Assert.Equal(["more", "web"], _cluster.Keys.Where(k => k.Kind == "Deployment").Select(k => k.Name).Order());
        Assert.Equal("Deployment.apps/more more\nDeployment.apps/web web\n", Listed);
    }

    [Theory]
    [InlineData(ClusterErrorReason.QuotaExceeded)]
    [InlineData(ClusterErrorReason.Forbidden)]
    public async Task AfterARefusalByTheClusterTheInventoryListsWhatThereIs(object reason)
    {
        await ApplyAsync(Deployment("web"), Deployment("old"));
        _cluster.Before = call =>
        {
            if (call.StartsWith(
            "apply", StringComparison.Ordinal)) { throw new ClusterException((ClusterErrorReason)reason, "no"); }
        };

        var refused = await Assert.ThrowsAsync<ClusterException>(() => ApplyAsync(Deployment("web"), Deployment("more")));

        Assert.Equal(reason, refused.Reason);
        Assert.Equal(["more pending", "old", "web"], Listed.TrimEnd('\n').Split('\n').Select(l => l[(l.IndexOf(' ') + 1)..]));
        Assert.Contains(new ObjectKey("apps", "Deployment", "old"), _cluster.Keys);
    }

    [Fact]
    public async Task TwoAtOnceLoseNothing()
    {
        await ApplyAsync(Deployment("web"), Deployment("old"));
        var isFirst = true;
        _cluster.Before = call =>
        {
            if (isFirst && call.StartsWith("apply Deployment/web", StringComparison.Ordinal))
            {
                isFirst = false;
                ApplyAsync(Deployment("web"), Deployment("old"), Deployment("theirs")).GetAwaiter().GetResult();
            }
        };

        await ApplyAsync(Deployment("web"), Deployment("mine"));
        _cluster.Before = _ => { };

        Assert.All(_cluster.Keys.Where(k => k.Kind == "Deployment"), k => Assert.Contains($"Deployment.apps/{k.Name} ", Listed));
        await ApplyAsync(Deployment("web"), Deployment("mine"));
        Assert.Equal(["mine", "web"], _cluster.Keys.Where(k => k.Kind == "Deployment").Select(k => k.Name).Order());
        Assert.Equal("Deployment.apps/mine mine\nDeployment.apps/web web\n", Listed);
    }

    [Fact]
    public async Task Apply_WhatAnotherApplyCreatedMeanwhile_IsNotSaidToBeCreated()
    {
        var isFirst = true;
        _cluster.Before = call =>
        {
            if (isFirst && call == "apply Deployment/web")
            {
                isFirst = false;
                ApplyAsync(Deployment("web")).GetAwaiter().GetResult();
            }
        };

        var result = await ApplyAsync(Deployment("web"));

        Assert.False(isFirst);
        Assert.Empty(result.Created);
    }

    [Fact]
    public async Task Apply_KindsThatMayNotBeSeen_AreLeftOutOnOneLine()
    {
        var (prometheus, grafana) = (
            Operators("monitoring.coreos.com/v1", "Prometheus"), Operators("grafana.integreatly.org/v1beta1", "Grafana"));
        _cluster.Forbidden.UnionWith([ResourceKind.Of(prometheus), ResourceKind.Of(grafana)]);
        var said = new List<string>();
        var applier = new Applier(_cluster, (_, _) => Task.FromResult(true), said.Add);

        var result = await applier.ApplyAsync(
            new("shop", "dev", [Deployment("web"), prometheus, grafana], ChangeScope.All), TestContext.Current.CancellationToken);

        Assert.Equal(["deployment.apps/web"], result.Created.Select(c => c.ToString()));
        Assert.Equal(2, result.Skipped.Count);
        Assert.StartsWith(
            "2 objects of kinds that you may not see are left out (", Assert.Single(said), StringComparison.Ordinal);

        static YamlMap Operators(string version, string kind) =>
            Read($"{{apiVersion: {version}, kind: {kind}, metadata: {{name: monitoring, annotations: {{monorepo/resource: " +
            $"monitoring}}}}}}");
    }

    [Fact]
    public async Task Compare_WhatWasReadFromAList_HasNoDifference()
    {
        await ApplyAsync(Deployment("web"));
        var listed = (YamlMap)_cluster[new("apps", "Deployment", "web")].Clone();
        var (version, kind) = (listed["apiVersion"]!, listed["kind"]!);
        (listed["apiVersion"], listed["kind"]) = (null, null);
        _cluster.With(listed.Add("apiVersion", version).Add("kind", kind));

        var differences = await new Differ(_cluster).CompareAsync(
            new("shop", "dev", [Deployment("web")], ChangeScope.All), TestContext.Current.CancellationToken);

        Assert.Empty(differences.Differences);
    }

    [Fact]
    public async Task NothingIsWrittenWhereSomethingIsRefused()
    {
        _cluster.With(Deployment("web", replicas: 5));

        var refused = await Assert.ThrowsAsync<DeployException>(() => ApplyAsync(Deployment("web")));

        Assert.Equal(
            "deployment.apps/web exists and is not ours: neither the inventory nor its labels say so. --force-conflicts takes " +
            "it over.", refused.Message);
        Assert.Equal(["get", "get"], _cluster.Calls);
        await ApplyAsync(new Options { Force = true }, Deployment("web"));
        Assert.Contains("apply! Deployment/web", _cluster.Calls);
    }

    [Fact]
    public async Task CreateRefusesWhatExists()
    {
        await ApplyAsync(Deployment("web"));

        var refused = await Assert.ThrowsAsync<DeployException>(
            () => ApplyAsync(new Options { CreateOnly = true }, Deployment("web"), Deployment("more")));

        Assert.Equal("deployment.apps/web exists already. `apply` changes it.", refused.Message);
        Assert.DoesNotContain(new ObjectKey("apps", "Deployment", "more"), _cluster.Keys);
    }

    [Fact]
    public async Task WhatTheServerWouldRefuseIsSaidBeforeAnythingIsWritten()
    {
        _cluster.Before = call =>
        {
            if (call.StartsWith("dry-run", StringComparison.Ordinal))
            {
                throw new ClusterException(
            ClusterErrorReason.Invalid, ".spec.hostNetwork: field not declared in schema");
            }
        };

        await Assert.ThrowsAsync<ClusterException>(() => ApplyAsync(Deployment("web"), ConfigMap("web", "settings-1")));

        Assert.All(_cluster.Calls, call => Assert.Equal("get", call));
    }

    [Fact]
    public async Task MissingPrerequisitesAreNamed()
    {
        var pods = Read("""
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, annotations: {monorepo/resource: web}}
            spec: {template: {spec: {priorityClassName: monorepo-service, containers: [{name: main, image: main, env: [{name: P, valueFrom: {secretKeyRef: {name: parameters, key: password}}}]}], volumes: [{name: tls, secret: {secretName: web-tls}}]}}}
            """);

        var refused = await Assert.ThrowsAsync<DeployException>(CheckAsync);

        Assert.Equal(
            "Secret 'parameters' in namespace 'jane' does not exist; keys: password. Set them with `secrets set --env dev`.\n"
            + "Secret 'web-tls' in namespace 'jane' does not exist. Create it: it isn't one that `secrets` makes.\n"
            + "The cluster has no PriorityClass 'monorepo-service'. Run `setup --env dev`, which makes it.", refused.Message);
        _cluster.With(
            Read("apiVersion: v1\nkind: Secret\nmetadata: {name: parameters}\ndata: {other: QQ==}"),
            Read("apiVersion: v1\nkind: Secret\nmetadata: {name: web-tls}"),
            Read("apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: monorepo-service}"));
        refused = await Assert.ThrowsAsync<DeployException>(CheckAsync);
        Assert.Equal(
            "Secret 'parameters' in namespace 'jane' lacks keys: password. Set them with `secrets set --env dev`.",
            refused.Message);

        Task CheckAsync() => Prerequisite.CheckAsync(_cluster, "--env dev", [pods], TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task WhatMayNotBeSeenIsTakenAsThere()
    {
        _cluster.Forbidden.UnionWith([ResourceKind.Namespace, ResourceKind.Secret, new("scheduling.k8s.io", "PriorityClass")]);

        await Prerequisite.CheckAsync(_cluster, "--env dev", [Deployment("web")], TestContext.Current.CancellationToken);
    }

    private string Listed => _cluster[s_inventory].Map("data")!.Text("objects")!;

    private Task<ApplyResult> ApplyAsync(params YamlMap[] objects) => ApplyAsync(new Options(), objects);

    private Task<ApplyResult> ApplyAsync(Options options, params YamlMap[] objects)
    {
        var applier = new Applier(_cluster, (_, _) => Task.FromResult(options.Works), _ => { });
        return applier.ApplyAsync(
            new("shop", "dev", objects, ChangeScope.All)
            {
                CreateOnly = options.CreateOnly,
                TakeFields = options.Force,
                TakeObjects = options.Force,
            }, TestContext.Current.CancellationToken);
    }

    private sealed record Options
    {
        public bool Works { get; init; } = true;

        public bool Force { get; init; }

        public bool CreateOnly { get; init; }
    }
}
