using Aspire.Hosting;
using MonoRepo.Deploy.Yaml;
using MonoRepo.Hosting;
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
}
