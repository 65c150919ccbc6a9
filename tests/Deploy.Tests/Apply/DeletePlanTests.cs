using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;
using static MonoRepo.Tests.Deploy.DeployObjects;

namespace MonoRepo.Tests.Deploy;

public sealed class DeletePlanTests
{
    private static readonly string[] s_inventory =
        ["NetworkPolicy.networking.k8s.io/default-deny " +
        "environment", "ConfigMap/store store", "StatefulSet.apps/store store", "Deployment.apps/web web"];

    private static readonly YamlMap s_set = Read("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: store}
        spec: {selector: {matchLabels: {app: store}}, volumeClaimTemplates: [{metadata: {name: data}}]}
        """);

    [Fact]
    public void OneResourceLeavesTheOthersAndWhatIsTheEnvironments()
    {
        var plan = DeletePlan.Of(
            Inventory(s_inventory), new HashSet<string> { "store" }, [s_set], [Claim("data-store-0", "store")]);

        Assert.Equal(["statefulset.apps/store", "configmap/store"], plan.Objects.Select(o => o.Key.ToString()));
        Assert.Equal(["persistentvolumeclaim/data-store-0"], plan.Volumes.Select(v => v.Key.ToString()));
    }

    [Fact]
    public void TheLastResourcesTakeWhatIsTheEnvironments()
    {
        var plan = DeletePlan.Of(Inventory(s_inventory), new HashSet<string> { "store", "web" }, [], []);

        Assert.Equal(4, plan.Objects.Count);
    }

    [Fact]
    public void ClaimsOfOthersAreNotOurs()
    {
        var claims = new[]
        {
            Claim("data-store-1", "other"),
            Claim("data-store-x", "store"),
            Claim("data-storage-0", "store"),
            Claim("cache-store-0", "store"),
        };

        Assert.Empty(DeletePlan.Of(Inventory(s_inventory), null, [s_set], claims).Volumes);
    }

    [Fact]
    public void ClaimsThatWereKeptCanBeDeletedLater()
    {
        var plan = DeletePlan.Of(
            Inventory("PersistentVolumeClaim/data-store-0 store"), null, [], [Claim("data-store-0", "store")]);

        Assert.Empty(plan.Objects);
        Assert.Equal("persistentvolumeclaim/data-store-0", Assert.Single(plan.Volumes).Key.ToString());
    }

    private static YamlMap Claim(string name, string app) =>
        Read($"apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {{name: {name}, labels: {{app: {app}}}}}\n");
}
