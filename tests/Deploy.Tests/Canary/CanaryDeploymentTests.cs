using MonoRepo.Deploy;
using MonoRepo.Deploy.Canary;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Tests.Deploy;

public sealed class CanaryDeploymentTests
{
    private static readonly ImageReference s_image = ImageReference.Parse("localhost:5000/web@sha256:02");

    [Fact]
    public void Create_IsTheBaselineWithAnotherImageAndALabelOfItsOwn()
    {
        var one = CanaryDeployment.Create(Baseline(9), s_image, 10).Object;

        Assert.Equal("deployment.apps/web-canary", ObjectKey.Of(one).ToString());
        Assert.Equal("canary", one.TextAt("spec", "selector", "matchLabels", "track"));
        Assert.Equal("canary", one.TextAt("spec", "template", "metadata", "labels", "track"));
        // Services, network policies and the disruption budget find it by this one.
        Assert.Equal("web", one.TextAt("spec", "template", "metadata", "labels", "app.kubernetes.io/name"));
        Assert.Equal(["proxy", "localhost:5000/web@sha256:02"], one.ItemsAt(
            "spec", "template", "spec", "containers").Select(c => c.Text("image")));
        Assert.Equal(s_image, CanaryDeployment.ImageOf(one));
        Assert.Equal("17", one.ItemsAt("metadata", "ownerReferences").Single().Text("uid"));
        Assert.Null(one.At("status"));
        Assert.Null(one.At("metadata", "resourceVersion"));
    }

    [Theory]
    [InlineData(9, 10, 1, 10)]
    [InlineData(2, 10, 1, 33)]
    [InlineData(1, 50, 1, 50)]
    [InlineData(10, 25, 3, 23)]
    public void Create_TakesTheNumberOfPodsThatComesNearest(int baseline, int weight, int replicas, int real)
    {
        var canary = CanaryDeployment.Create(Baseline(baseline), s_image, weight);
        Assert.Equal((replicas, real, replicas), (
            canary.Replicas, (int)Math.Round(canary.Weight), canary.Object.NumberAt("spec", "replicas")));
    }

    [Fact]
    public void Create_OfNoPods_IsRefused() =>
        Assert.Contains(
            "has no pods", Assert.Throws<DeployException>(() => CanaryDeployment.Create(Baseline(0), s_image, 10)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void BaselineOf_AResourceWithoutADeployment_IsRefused()
    {
        Assert.Equal("web", CanaryDeployment.BaselineOf([Baseline(1)], "web").Name);
        Assert.StartsWith(
            "'redis' has no Deployment",
            Assert.Throws<UnknownNameException>(() => CanaryDeployment.BaselineOf([Baseline(1)], "redis")).Message,
            StringComparison.Ordinal);
    }

    private static YamlMap Baseline(int replicas) => DeployObjects.Read($$$$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, uid: "17", resourceVersion: "5", labels: {app.kubernetes.io/name: web}, annotations: {monorepo/resource: web}}
        spec:
          replicas: {{{{replicas}}}}
          selector: {matchLabels: {app.kubernetes.io/name: web}}
          template:
            metadata: {labels: {app.kubernetes.io/name: web}}
            spec: {containers: [{name: proxy, image: proxy}, {name: web, image: "localhost:5000/web@sha256:01"}]}
        status: {replicas: {{{{replicas}}}}}
        """);
}
