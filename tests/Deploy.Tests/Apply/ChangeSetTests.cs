using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;
using static MonoRepo.Tests.Deploy.DeployObjects;

namespace MonoRepo.Tests.Deploy;

public sealed class ChangeSetTests
{
    private const string OwnsReplicas = "f:spec:\n  f:replicas: {}\n";

    private static readonly ObjectKey s_web = new("apps", "Deployment", "web");

    [Fact]
    public void WhatOthersNeedIsAppliedFirst()
    {
        var changes = Changes([Deployment("web"), Job("migrate-1"), ConfigMap("web", "settings-1")], []);

        Assert.Equal(["ConfigMap", "Deployment", "Job"], changes.Apply.Select(o => o.Text("kind")));
        Assert.Equal(3, changes.Created.Count);
    }

    [Fact]
    public void WhatIsOursAndNoLongerWantedIsPruned()
    {
        var changes = Changes(
            [Deployment("web")], [], "Deployment.apps/web web", "Deployment.apps/old old", "ConfigMap/old-settings old");

        Assert.Equal(["deployment.apps/old", "configmap/old-settings"], changes.Pruned.Select(p => p.Key.ToString()));
        Assert.Empty(changes.Outdated);
    }

    [Fact]
    public void AnOldConfigMapOfAResourceThatStaysWaitsForTheRollout()
    {
        var changes = Changes([Deployment("web"), ConfigMap("web", "settings-2")], [], "ConfigMap/settings-1 web");

        Assert.Equal("configmap/settings-1", Assert.Single(changes.Outdated).Key.ToString());
        Assert.Empty(changes.Pruned);
    }

    [Fact]
    public void OnlySelectedResourcesArePruned()
    {
        var changes = ChangeSet.Between(
            [Deployment("web")], [], Inventory("Service/web web", "Deployment.apps/other other"),
            new ChangeScope(new HashSet<string> { "web" }));

        Assert.Equal("service/web", Assert.Single(changes.Pruned).Key.ToString());
    }

    [Fact]
    public void VolumesAreNeverPruned() =>
        Assert.Empty(Changes([Deployment("web")], [], "PersistentVolumeClaim/data-store-0 store").Pruned);

    [Fact]
    public void AJobThatRanAndIsGoneDoesNotRunAgain()
    {
        Assert.Equal("job.batch/migrate-1", Assert.Single(Changes([Job("migrate-1")], [], "Job.batch/migrate-1 migrate").Finished)
            .ToString());
        Assert.Empty(Changes([Job("migrate-1")], [], "Job.batch/migrate-1 migrate pending").Finished);
        Assert.Empty(Changes([Job("migrate-2")], [], "Job.batch/migrate-1 migrate").Finished);
    }

    [Fact]
    public void AnObjectOfOthersIsForeignUntilItIsListedOrCarriesOurLabels()
    {
        Assert.Equal(s_web, Assert.Single(Changes([Deployment("web")], [Deployment("web")]).Foreign).Key);
        Assert.Empty(Changes([Deployment("web")], [Deployment("web")], "Deployment.apps/web web").Foreign);
    }

    [Fact]
    public void AFieldOfAnotherManagerWithAnotherValueIsAConflict()
    {
        var live = Owned(Deployment("web", replicas: 5), "kubectl-scale", OwnsReplicas);

        var conflict = Assert.Single(Changes([Deployment("web", replicas: 2)], [live], "Deployment.apps/web web").Conflicts);

        Assert.Equal("deployment.apps/web: .spec.replicas is 5, set by 'kubectl-scale', and would become 2", conflict.ToString());
        Assert.Empty(Changes([Deployment("web", replicas: 5)], [live], "Deployment.apps/web web").Conflicts);
    }

    [Fact]
    public void AConflictInsideOfAListNamesTheItem()
    {
        var fields = """
            f:spec:
              f:template:
                f:spec:
                  f:containers:
                    'k:{"name":"main"}':
                      .: {}
                      f:image: {}
            """;
        var live = Owned(Deployment("web"), "kubectl-set", fields);
        var wanted = Deployment("web");
        ((YamlMap)wanted.Map("spec")!.Map("template")!.Map("spec")!.List("containers")![0])["image"] = new YamlScalar("other");

        Assert.Equal(
            ".spec.template.spec.containers[name=main].image",
            Assert.Single(Changes([wanted], [live], "Deployment.apps/web web").Conflicts).Path);
    }

    [Fact]
    public void WithAnAutoscalerTheNumberOfReplicasIsHandedOverOnce()
    {
        var live = Owned(Deployment("web", replicas: 4), ApplyOptions.FieldManager, OwnsReplicas);

        var changes = Changes([Deployment("web", replicas: null)], [live], "Deployment.apps/web web");

        Assert.Equal("4", Replicas.Only(Assert.Single(changes.HandedOver)).Map("spec")!.Text("replicas"));
        Assert.Empty(Changes([Deployment("web", replicas: null)], [
            Owned(Deployment("web", replicas: 4), Replicas.HandoverManager, OwnsReplicas),
        ], "Deployment.apps/web web").HandedOver);
    }

    [Fact]
    public void WithoutItsAutoscalerTheNumberOfReplicasComesBack()
    {
        var live = Owned(Deployment("web", replicas: 4), "kube-controller-manager", OwnsReplicas);

        var changes = Changes(
            [Deployment("web", replicas: 2)], [live], "Deployment.apps/web web", "HorizontalPodAutoscaler.autoscaling/web web");

        Assert.Equal(s_web, ObjectKey.Of(Assert.Single(changes.TakenBack)));
        Assert.Empty(changes.Conflicts);
    }
}
