using MonoRepo.Deploy;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Setup;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Tests.Deploy;

public sealed class SetupTests
{
    private const string Definition =
        "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: things.example.org}, status: " +
        "{conditions: [{type: Established, status: \"STATUS\"}]}}";

    [Theory]
    [InlineData("localhost:30500", 30500)]
    [InlineData("127.0.0.1:30500/shop", 30500)]
    [InlineData("localhost:5000", null)]
    [InlineData("k3d-registry.localhost:5000", null)]
    [InlineData("registry.example.org:30500/shop", null)]
    [InlineData(null, null)]
    public void ARegistryAtANodePortOfLocalhostIsInTheCluster(string? registry, int? port) =>
        Assert.Equal(port, ClusterRegistry.NodePort(registry));

    [Fact]
    public void StepsAreInTheOrderInWhichOneNeedsTheOther()
    {
        var plan = new SetupPlan
        {
            Application = "shop",
            Namespace = "jane",
            Registry = "localhost:30500",
            Definitions = Yaml(Definition),
            Operators = Yaml("{kind: Deployment, metadata: {name: operator}}"),
        };
        Assert.Equal(["namespace", "priority classes", "custom resource definitions", "registry", "operators"], plan.Steps()
            .Select(s => s.Title));
        Assert.Equal(["namespace", "priority classes"], (plan with { Registry = "example.org", Definitions = [], Operators = [] })
            .Steps().Select(s => s.Title));
        Assert.Equal(
            "restricted", plan.Steps()[0].Objects[0].Map("metadata")!.Map("labels")!.Text("pod-security.kubernetes.io/enforce"));
        Assert.Equal(
            "30500", ((YamlMap)plan.Steps()[3].Objects.Single(o => o.Text("kind") == "Service").Map("spec")!.List("ports")![0])
                .Text("nodePort"));
    }

    [Fact]
    public async Task AGroupGetsARoleInTheNamespace()
    {
        var access = new SetupPlan { Application = "shop", Namespace = "jane", Groups = ["developers", "operators"] }.Steps()[^1];

        Assert.Equal(
            ("access", "Role RoleBinding"), (access.Title, string.Join(' ', access.Objects.Select(o => o.Text("kind")))));
        Assert.All(access.Objects, o =>
            Assert.Equal(("shop-deploy", "jane"), (o.TextAt("metadata", "name"), o.TextAt("metadata", "namespace"))));
        Assert.Equal([("Group", "developers"), ("Group", "operators")], access.Objects[1].ItemsAt("subjects")
            .Select(s => (s.Text("kind"), s.Text("name"))));
        await Tools.ValidateAsync(ManifestText.Of(access.Objects));
    }

    [Fact]
    public async Task TheRegistryPassesTheSchemaCheck() =>
        await Tools.ValidateAsync(MonoRepo.Deploy.Rendering.ManifestText.Of(ClusterRegistry.At(30500)));

    [Fact]
    public void OperatorsRunInANamespaceOfTheirOwn()
    {
        var manifests = Yaml(
            "{kind: Namespace, metadata: {name: grafana}}", Definition,
            "{kind: Deployment, metadata: {name: operator, namespace: default}}",
            "{kind: ClusterRoleBinding, metadata: {name: operator}, subjects: [{kind: ServiceAccount, name: operator, " +
            "namespace: default}]}");
        Assert.Equal("things.example.org", Assert.Single(OperatorManifests.Definitions(manifests)).Map("metadata")!.Text("name"));
        var running = OperatorManifests.Running(manifests);
        Assert.Equal(["Deployment", "ClusterRoleBinding"], running.Select(r => r.Text("kind")));
        Assert.Equal("monorepo-operators", running[0].Map("metadata")!.Text("namespace"));
        Assert.Equal("monorepo-operators", ((YamlMap)running[1].List("subjects")![0]).Text("namespace"));
        Assert.Null(running[1].Map("metadata")!.Text("namespace"));
    }

    [Fact]
    public void AFolderWithoutDefinitionsIsRefused()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(
            "There is no CustomResourceDefinition",
            Assert.Throws<DeployException>(() => OperatorManifests.FromFolder(folder.Path)).Message);
        Assert.Contains(
            "There is no folder",
            Assert.Throws<DeployException>(() => OperatorManifests.FromFolder(folder.Path + "/none")).Message);
    }

    [Fact]
    public async Task RunningItAgainChangesNothingAndSaysSo()
    {
        var cluster = new FakeCluster();
        var step = new SetupStep(
            "things", null,
            Yaml("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}",
                "{apiVersion: v1, kind: Namespace, metadata: {name: jane}}",
                Definition.Replace("STATUS", "True", StringComparison.Ordinal)));
        Assert.All(await RunAsync(cluster, step), r => Assert.Equal("created", r.Did));
        Assert.Equal("apply Namespace/jane", cluster.Calls.First(c => c.StartsWith("apply", StringComparison.Ordinal)));
        Assert.All(await RunAsync(cluster, step), r => Assert.Equal("unchanged", r.Did));
    }

    [Fact]
    public async Task APriorityThatSomebodyChoseStays()
    {
        var cluster = new FakeCluster()
            .With(Yaml("{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: monorepo-service}, value: 7}"));
        var classes = new SetupPlan { Application = "shop", Namespace = "jane" }.Steps()[1];
        Assert.Equal([("monorepo-service", "unchanged"), ("monorepo-stateful", "created")], (await RunAsync(cluster, classes))
            .Select(r => (r.Object.Name, r.Did)));
        Assert.Equal("7", cluster[new("scheduling.k8s.io", "PriorityClass", "monorepo-service")].Text("value"));
    }

    [Fact]
    public async Task DefinitionsThatAreNotEstablishedAreNamed()
    {
        var fault = await Assert.ThrowsAsync<ClusterException>(() => RunAsync(new(), new("things", null, Yaml(Definition))));
        Assert.Equal("Not established after 0 s: things.example.org (no answer of the API server yet).", fault.Message);
    }

    private static Task<IReadOnlyList<SetupResult>> RunAsync(FakeCluster cluster, SetupStep step) =>
        new SetupRunner(
            _ => cluster, TimeProvider.System).RunAsync(step, false, TimeSpan.Zero, TestContext.Current.CancellationToken);

    private static IReadOnlyList<YamlMap> Yaml(params string[] yaml) => Live.Objects(yaml);
}
