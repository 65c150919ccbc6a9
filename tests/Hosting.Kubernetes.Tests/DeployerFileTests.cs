using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Deploy.Canary;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;
using MonoRepo.Hosting;
using MonoRepo.Hosting.Kubernetes.Graph;
using MonoRepo.Hosting.Kubernetes.Overlays;

namespace MonoRepo.Tests;

public sealed class DeployerFileTests
{
    [Fact]
    public void TheDeployerMayNeitherWriteSecretsNorGiveItselfMore()
    {
        var graph = new TestGraph();
        graph.AddEnvironment("dev", "k3d-shop", registry: "localhost:5000", configure: e => e
            .WithDeployer("https://git.example.org/shop.git", "registry.example.org/deployer@sha256:" + new string('a', 64)));
        var tree = Publication.Build(graph.Model);
        var objects = YamlReader.ReadAll(tree.Generated["overlays/dev/deployer.yaml"]).OfType<YamlMap>().ToList();
        Assert.Equal(
            ["ServiceAccount", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding", "NetworkPolicy", "CronJob"],
            objects.Select(o => o.Text("kind")));
        Assert.All(objects.Where(o => !o.Text("kind")!.StartsWith("Cluster", StringComparison.Ordinal)), o =>
            Assert.Equal("dev", o.Map("metadata")!.Text("namespace")));
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

    [Fact]
    public void ACanaryIsAFileOfTheOverlay_AndMayAskPrometheus()
    {
        var graph = new TestGraph();
        var canary = new CanarySettings(20) { JudgeFor = TimeSpan.FromMinutes(5), ApplyInconclusive = true };
        graph.AddEnvironment("dev", "k3d-shop", registry: "localhost:5000", configure: e =>
            e.WithDeployer("https://git.example.org/shop.git", "deployer:1", canary: canary));
        var tree = Publication.Build(graph.Model);
        using var folder = new TemporaryFolder();
        var overlay = Directory.CreateDirectory(Path.Combine(folder.Path, "k8s", "overlays", "dev"));
        File.WriteAllText(Path.Combine(overlay.FullName, "canary.yaml"), tree.Generated["overlays/dev/canary.yaml"]);
        Assert.Equal(new(20, TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(30), AppliesInconclusive: true), CanaryPolicy.Read(
            folder.Path, "dev"));
        Assert.Contains("pods/portforward", tree.Generated["overlays/dev/deployer.yaml"], StringComparison.Ordinal);
        Assert.Null(CanaryPolicy.Read(folder.Path, "prod"));
    }

    [Fact]
    public void ASummaryReadsItsHistoryAlone_AndIsLetInWhereItAsks()
    {
        var graph = new TestGraph();
        graph.AddEnvironment("dev", "k3d-shop", configure: e => e
            .WithDeployer("git://git.example.org/shop", "deployer:1").WithSummary("0 8 * * 5", "Europe/Berlin", days: 14));
        AddNotifier(graph);
        var tree = Publication.Build(graph.Model);
        var objects = YamlReader.ReadAll(tree.Generated["overlays/dev/deployer.yaml"]).OfType<YamlMap>()
            .Where(o => o.TextAt("metadata", "labels", "app.kubernetes.io/name") == "summary").ToList();

        Assert.Equal(
            [
                "ServiceAccount summary", "Role summary", "RoleBinding summary", "NetworkPolicy summary",
                "NetworkPolicy summary-teller", "NetworkPolicy summary-prometheus", "CronJob summary",
            ],
            objects.Select(o => $"{o.Text("kind")} {o.TextAt("metadata", "name")}"));
        var rule = Assert.IsType<YamlMap>(Assert.Single(objects[1].List("rules")!));
        Assert.Equal(
            ["configmaps", "get", "shop-dev-activity"],
            ((string[])["resources", "verbs", "resourceNames"]).Select(f => ((YamlScalar)Assert.Single(rule.List(f)!)).Text));
        var job = YamlWriter.ToText(objects[^1]);
        Assert.All(
            (string[])
            [
                "schedule: 0 8 * * 5", "timeZone: Europe/Berlin", "image: deployer:1", "- summary\n", "value: \"14\"",
                "value: http://teller:8080/reports", "value: http://prometheus:9090", "key: teller-token",
            ],
            text => Assert.Contains(text, job, StringComparison.Ordinal));
    }

    [Fact]
    public void ASummaryNeedsADeployerANotifierAndASchedule_AllSaidAtOnce()
    {
        var graph = new TestGraph();
        graph.AddEnvironment("dev", "k3d-shop", configure: e => e.WithSummary("on Mondays"));
        var exception = Assert.Throws<PublishException>(() => Publication.Build(graph.Model));

        Assert.Equal(
            [
                "dev: summary: there is no deployer, in whose image it is written. Add WithDeployer(…) to the environment.",
                "dev: summary: there is no notifier, which tells people. Add WithNotifier<…>(…) to AddMonitoring().",
                "dev: summary: 'on Mondays' isn't a cron expression. Use five fields such as '0 3 * * *'.",
            ],
            exception.Errors.Select(error => error.ToString()));
    }

    [Fact]
    public void WorkloadsThatAreCalledAsAJobIsAreRefused()
    {
        var graph = new TestGraph();
        AddNotifier(graph);
        graph.AddContainer("deployer", "web:1");
        graph.AddContainer("summary", "web:1");
        graph.AddEnvironment("dev", "k3d-shop");
        graph.AddEnvironment("prod", "k3d-shop", configure: e => e.WithDeployer("git://example.org/a", "a:1").WithSummary());
        var exception = Assert.Throws<PublishException>(() => Publication.Build(graph.Model));

        Assert.Equal(["deployer", "summary"], exception.Errors.Select(error => error.Resource));
        Assert.All(exception.Errors, error => Assert.Contains("WithDeployer", error.Problem, StringComparison.Ordinal));
    }

    private static void AddNotifier(TestGraph graph)
    {
        var token = graph.AddParameter("teller-token", secret: true);
        graph.AddContainer("teller", "teller:1").WithHttpEndpoint(targetPort: 8080)
            .WithAnnotation(new MetricsQueryAnnotation(
                "prometheus", 9090, new Dictionary<string, string> { ["app"] = "prometheus" }))
            .WithAnnotation(new ReportReceiverAnnotation(new ContainerResource("teller"), 8080, "/reports", token.Resource));
    }
}
