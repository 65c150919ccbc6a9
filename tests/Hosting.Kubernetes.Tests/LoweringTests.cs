using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;
using MonoRepo.Hosting.Kubernetes.Output;
using MonoRepo.Hosting.Kubernetes.Render;

namespace MonoRepo.Tests;

public sealed class LoweringTests
{
    [Fact]
    public void ExternalEndpointsBecomeRoutesOfAGateway()
    {
        var graph = new TestGraph();
        graph.AddDeploymentEnvironment("prod", context: "prod").WithGatewayRoutes("public", "example.org", "gateways", "https");
        graph.AddWeb("web").WithExternalHttpEndpoints();
        graph.AddService("api").WithEndpoint("grpc", e => e.IsExternal = true);
        var objects = Render(graph);
        var web = Find(objects, "HTTPRoute", "web").Map("spec")!;
        Assert.Equal("web.example.org", Assert.Single(web.List("hostnames")!).ToString());
        var parent = Assert.IsType<YamlMap>(Assert.Single(web.List("parentRefs")!));
        Assert.Equal(("public", "gateways", "https"), (parent.Text("name"), parent.Text("namespace"), parent.Text("sectionName")));
        Assert.Equal("api.example.org", Assert.Single(Find(objects, "GRPCRoute", "api").Map("spec")!.List("hostnames")!).ToString());
    }

    [Fact]
    public void AnAutoscaledDeploymentStatesNoReplicas()
    {
        var graph = new TestGraph();
        graph.AddDeploymentEnvironment("prod", context: "prod");
        graph.AddService("a").WithReplicas(3).WithAutoscaling(2, 4);
        var objects = Render(graph);
        Assert.Null(Find(objects, "Deployment", "a").Map("spec")!["replicas"]);
        Assert.Equal("2", Find(objects, "HorizontalPodAutoscaler", "a").Map("spec")!.Text("minReplicas"));
    }

    [Fact]
    public void AJobIsNamedByItsContent()
    {
        static string Name(string value)
        {
            var graph = new TestGraph();
            graph.AddDeploymentEnvironment("prod", context: "prod");
            graph.AddResource(new ProjectResource("migrate")).WithConfigurationValue("A", value).PublishAsJob();
            return Render(graph).Single(o => o.Text("kind") == "Job").Map("metadata")!.Text("name")!;
        }

        Assert.Equal(Name("1"), Name("1"));
        Assert.NotEqual(Name("1"), Name("2"));
        Assert.StartsWith("migrate-", Name("1"), StringComparison.Ordinal);
    }

    [Fact]
    public void TheVersionIsInNoTemplateSelectorOrClaim()
    {
        foreach (var one in Render(Shop.Create(), "prod"))
        {
            Assert.DoesNotContain("monorepo/version", YamlWriter.ToText(one.Map("spec") ?? new YamlMap()));
        }
    }

    [Fact]
    public void RenamingAServiceChangesItsCallers()
    {
        static YamlMap Settings(string name)
        {
            var graph = new TestGraph();
            graph.AddDeploymentEnvironment("prod", context: "prod");
            graph.AddWeb("web").WithReference(graph.AddService(name));
            return Render(graph).Single(o => o.Text("kind") == "ConfigMap" && o.Map("metadata")!.Text("name")!.StartsWith("web-", StringComparison.Ordinal)).Map("data")!;
        }

        Assert.Equal("http://old-headless:8080", Settings("old").Text("services__old__grpc__0"));
        Assert.Equal("http://new-headless:8080", Settings("new").Text("services__new__grpc__0"));
    }

    [Fact]
    public void SecretsAreReferencesEverywhere()
    {
        var text = ManifestText.Of(Render(Shop.Create(), "prod"));
        Assert.Contains("value: store:6379,password=$(PARAMETER_STORE_PASSWORD)", text);
        Assert.Contains("name: shop-parameters", text);
    }

    private static IReadOnlyList<YamlMap> Render(TestGraph graph, string environment = "prod") => new Renderer(graph.Model, Path.GetTempPath()).Render(environment).Objects;

    private static YamlMap Find(IReadOnlyList<YamlMap> objects, string kind, string name) =>
        objects.Single(o => o.Text("kind") == kind && o.Map("metadata")!.Text("name") == name);
}
