using MonoRepo.Deploy;
using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.StatefulSets;
using MonoRepo.Deploy.Yaml;
using static MonoRepo.Tests.Deploy.DeployObjects;

namespace MonoRepo.Tests.Deploy;

/// <summary>What a renamed application, or an environment that has moved, leaves behind.</summary>
public sealed class LeftoverTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Apply_UnderANewName_TakesOverWhatItHasAndNamesTheRest()
    {
        var cluster = new FakeCluster().With(DeployObjects.Namespace);
        await ApplyAsync(cluster, "shop", false, Labelled("web", "shop"), Labelled("old", "shop"));

        var refused =
            await Assert.ThrowsAsync<DeployException>(() => ApplyAsync(cluster, "store", false, Labelled("web", "store")));
        var result = await ApplyAsync(cluster, "store", true, Labelled("web", "store"));

        Assert.Equal(
            "configmap/web belongs to the application 'shop'. If that is the former name of 'store', --force-conflicts takes " +
            "it over.", refused.Message);
        Assert.Equal(
            "'dev' of 'shop' is still in namespace 'jane': 1 object. `delete --env dev --application shop --namespace jane` " +
            "deletes it and keeps the volumes.",
            Assert.Single(result.Leftovers).ToString());

        // What that command does.
        var deleter = new Deleter(cluster, new(cluster, "shop", "dev"));
        var (plan, inventory) = await deleter.PlanAsync(null, Token);
        Assert.Equal(["configmap/old"], plan.Objects.Select(o => o.Key.ToString()));
        await deleter.DeleteAsync(plan, inventory, withVolumes: false, Token);
        Assert.Equal(["store-dev-history", "store-dev-inventory", "web"], cluster.Keys.Where(k => k.Kind == "ConfigMap")
            .Select(k => k.Name).Order());
    }

    [Theory]
    [InlineData("shop", "dev", "shop-dev-inventory", "before", true)]
    [InlineData("shop", "dev", "shop-dev-inventory", "jane", false)]
    [InlineData("shop", "dev", "shop-prod-inventory", "before", false)]
    [InlineData("shop", "dev", "other-dev-inventory", "before", false)]
    [InlineData("shop", "personal", "shop-personal-inventory", "before", false)]
    public void Among_AnotherNamespace_IsOursOnlyForTheSameApplicationAndEnvironment(
        string application, string environment, string name, string @namespace, bool isLeft)
    {
        var inventory = Read($$"""
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: {{name}}, namespace: {{@namespace}}, labels: {app.kubernetes.io/part-of: {{name.Split('-')[0]}} } }
            data: {objects: "Deployment.apps/web web\nPersistentVolumeClaim/data-store-0 store\n"}
            """);

        var left = Leftovers.Among([inventory], new(application, environment, [Deployment("web")], ChangeScope.All), "jane");

        Assert.Equal(isLeft
            ? ["'dev' of 'shop' is still in namespace 'before': 1 object, 1 volume."]
            : [], left.Select(l => l.ToString().Split(" `")[0]));
    }

    private static YamlMap Labelled(string name, string application)
    {
        var one = ConfigMap(name, name);
        one.Map("metadata")!.Add("labels", new YamlMap().Add(
            "app.kubernetes.io/managed-by", "monorepo").Add("app.kubernetes.io/part-of", application));
        return one;
    }

    private static Task<ApplyResult> ApplyAsync(
        FakeCluster cluster, string application, bool isForced, params YamlMap[] objects) =>
        new Applier(cluster, (_, _) => Task.FromResult(true), _ => { })
            .ApplyAsync(
                new(application, "dev", objects, ChangeScope.All) { TakeFields = isForced, TakeObjects = isForced }, Token);
}
