using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.StatefulSets;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Tests.Deploy;

/// <summary>Objects that were made by <c>kubectl apply</c> before.</summary>
public sealed class OwnershipMigrationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("kubectl-client-side-apply", "Update")]
    [InlineData("kubectl", "Apply")]
    public void PatchFor_AnApplyOfKubectl_PutsItsFieldsTogetherWithOurs(string manager, string operation)
    {
        var live = Live($"{{manager: {manager}, operation: {operation}, fieldsV1: {{f:data: {{f:a: {{}}, f:b: {{}}}}}}}}",
            "{manager: monorepo, operation: Apply, fieldsV1: {f:data: {f:b: {}, f:c: {}}}}");

        var operations = (YamlList)JsonNodes.ReadObject(
            System.Text.Encoding.UTF8.GetBytes($"{{\"l\":{OwnershipMigration.PatchFor(live)!.Json}}}"))["l"]!;

        var entry = (YamlMap)Assert.Single(((YamlMap)operations[0]).List("value")!);
        Assert.Equal(("monorepo", "Apply"), (entry.Text("manager"), entry.Text("operation")));
        Assert.Equal(["f:a", "f:b", "f:c"], entry.MapAt("fieldsV1", "f:data")!.Select(f => f.Key).Order());
        Assert.Equal("7", ((YamlMap)operations[1]).Text("value"));
    }

    [Theory]
    [InlineData("{manager: kubectl-edit, operation: Update, fieldsV1: {f:data: {f:a: {}}}}")]
    [InlineData("{manager: kubectl-client-side-apply, operation: Update, subresource: status, fieldsV1: {f:status: {}}}")]
    [InlineData("{manager: kube-controller-manager, operation: Update, fieldsV1: {f:data: {f:a: {}}}}")]
    [InlineData("{manager: monorepo, operation: Apply, fieldsV1: {f:data: {f:a: {}}}}")]
    public void PatchFor_WhatPeopleAndControllersSet_IsNull(string entry) =>
        Assert.Null(OwnershipMigration.PatchFor(Live(entry)));

    [Fact]
    public async Task Apply_OverObjectsOfKubectl_MigratesThemAndSaysSo()
    {
        var cluster = new FakeCluster().With(
            DeployObjects.Namespace,
            Live("{manager: kubectl-client-side-apply, operation: Update, fieldsV1: {f:data: {f:a: {}}}}"));
        var said = new List<string>();

        // Somebody changes the object at the same moment: it is looked at again.
        var isFirst = true;
        cluster.Before = call =>
        {
            if (isFirst && call.StartsWith("patch", StringComparison.Ordinal))
            {
                isFirst = false;
                throw new ClusterException(ClusterErrorReason.Conflict, "somebody else wrote");
            }
        };
        var wanted =
            DeployObjects.Read(
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, labels: {app.kubernetes.io/managed-by: " +
                "monorepo, app.kubernetes.io/part-of: shop}}, data: {a: '2'}}");
        await new Applier(cluster, (_, _) => Task.FromResult(true), said.Add).ApplyAsync(
            new("shop", "dev", [wanted], ChangeScope.All), Token);

        Assert.Equal(["configmap/settings: was applied with kubectl, and is ours from now on"], said);
        Assert.Contains("apply ConfigMap/settings", cluster.Calls);
    }

    private static YamlMap Live(params string[] entries) => DeployObjects.Read($$"""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: settings
          resourceVersion: "7"
          labels: {app.kubernetes.io/managed-by: monorepo, app.kubernetes.io/part-of: shop}
          managedFields: [{{string.Join(", ", entries)}}]
        data: {a: "1"}
        """);
}
