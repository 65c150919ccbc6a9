using MonoRepo.Deploy;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.StatefulSets;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Tests.Deploy;

public sealed class StatefulSetStepsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GrowingAddsMembersBeforeTheyAreRearranged()
    {
        var cluster = MemberCluster.With(Set(6));

        var told = await ApplyAsync(cluster, Set(10));

        AssertIs(cluster, 10);
        Assert.Equal(
            ["apply 6", "apply 10", .. Each("lock", 10), "rearrange 0", .. Each("unlock", 10), "apply 10"],
            cluster.Done);
        Assert.Contains("statefulset.apps/store: from 6 to 10 members", told);
        Assert.Contains("store-0: rearrange done", told);
    }

    [Fact]
    public async Task ShrinkingRemovesMembersWhenTheyHoldNothing()
    {
        var cluster = MemberCluster.With(Set(10));

        var told = await ApplyAsync(cluster, Set(6));

        AssertIs(cluster, 6);
        Assert.Equal(
            ["apply 10", "apply 10", .. Each(
                "lock", 10), "rearrange 0", "retire 6", "retire 7", "retire 8", "retire 9", "forget 0", "apply 6", .. Each(
                    "unlock", 6), "apply 6"],
            cluster.Done);
        Assert.Equal(10, cluster.Claims.Count);
        Assert.EndsWith(
            "kubectl -n jane delete pvc data-store-6 data-store-7 data-store-8 data-store-9", told[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(6, 10, 10)]
    [InlineData(10, 6, 6)]
    [InlineData(6, 10, 6)]
    [InlineData(10, 6, 10)]
    public async Task InterruptedAnywhereItIsFinishedByTheNextApply(int from, int to, int then)
    {
        var uninterrupted = MemberCluster.With(Set(from));
        await ApplyAsync(uninterrupted, Set(to));
        for (var call = 1; call <= uninterrupted.Calls; call++)
        {
            foreach (var afterwards in (bool[])[false, true])
            {
                var cluster = MemberCluster.With(Set(from));
                (cluster.FailingCall, cluster.FailsAfterwards) = (call, afterwards);
                await Assert.ThrowsAsync<ClusterException>(() => ApplyAsync(cluster, Set(to)));

                await ApplyAsync(cluster, Set(then));

                AssertIs(cluster, then);
            }
        }
    }

    [Theory]
    [InlineData(6, 10)]
    [InlineData(10, 6)]
    public async Task InterruptedWhileTheSetIsMadeAgainItLosesNoMember(int from, int to)
    {
        var uninterrupted = MemberCluster.With(Set(from));
        await ApplyAsync(uninterrupted, Set(to, "2Gi"));
        for (var call = 1; call <= uninterrupted.Calls; call++)
        {
            foreach (var afterwards in (bool[])[false, true])
            {
                var cluster = MemberCluster.With(Set(from));
                (cluster.FailingCall, cluster.FailsAfterwards) = (call, afterwards);
                await Assert.ThrowsAsync<ClusterException>(() => ApplyAsync(cluster, Set(to, "2Gi")));

                await ApplyAsync(cluster, Set(to, "2Gi"));

                AssertIs(cluster, to);
                Assert.All(cluster.Claims.Take(from), c => Assert.Equal("2Gi", Storage(c)));
            }
        }
    }

    [Fact]
    public async Task NothingIsRolledWhileDataMoves()
    {
        var cluster = MemberCluster.With(Set(6));
        var wanted = Set(10);
        var applied = await new StatefulSetSteps(cluster.Cluster, _ => { }, TimeProvider.System)
            .BeforeApplyAsync(cluster.Set, wanted, Cancel);

        Assert.Equal("6", applied.Map("spec")!.Map("updateStrategy")!.Map("rollingUpdate")!.Text("partition"));
        Assert.Null(wanted.Map("spec")!.Map("updateStrategy")!.Map("rollingUpdate"));
    }

    [Fact]
    public async Task AnotherArrangementOfAsManyMembersIsAScalingToo()
    {
        var cluster = MemberCluster.With(Set(6));
        var wanted = Set(6);
        wanted.Map("metadata")!.Map("annotations")![KubernetesLabels.Scaling] = new YamlScalar(wanted.Map("metadata")!.Map(
            "annotations")!.Text(KubernetesLabels.Scaling)!.Replace("\"6\"", "\"6\", \"0\"", StringComparison.Ordinal));

        await ApplyAsync(cluster, wanted);

        Assert.Contains("rearrange 0", cluster.Done);
        AssertIs(cluster, 6);
    }

    [Fact]
    public async Task FirstStartAndASetThatStaysAreAppliedAsTheyAre()
    {
        var cluster = new MemberCluster();
        await ApplyAsync(cluster, Set(6));
        await ApplyAsync(cluster, Set(6));

        Assert.Equal(["apply 6", "apply 6"], cluster.Done);
    }

    [Fact]
    public async Task RefusalInAMemberIsOneLineThatSaysHowToGoOn()
    {
        var cluster = MemberCluster.With(Set(6));

        var refusal = await Assert.ThrowsAsync<DeployException>(() => ApplyAsync(cluster, Set(2)));

        Assert.Equal(
            "StatefulSet 'store': its change to 2 members is not finished: `rearrange 2` ended with 1 in store-0: a cluster " +
            "needs three. The data is safe; apply again to go on.",
            refusal.Message);
        Assert.Equal(6, cluster.Ordinals.Count);
    }

    [Fact]
    public async Task GrowingVolumesGrowsTheClaimsAndMakesTheSetAgain()
    {
        var cluster = MemberCluster.With(Set(3));

        var told = await ApplyAsync(cluster, Set(3, "2Gi"));

        Assert.Equal(
            ["apply 3", "patch data-store-0", "patch data-store-1", "patch data-store-2", "orphan", "apply 3", "apply 3"],
            cluster.Done);
        Assert.All(cluster.Claims, c => Assert.Equal("2Gi", Storage(c)));
        Assert.Contains("statefulset.apps/store: making it again without touching its pods, for volumeClaimTemplates", told);
    }

    [Fact]
    public async Task SameSizeInOtherUnitsIsNoChange()
    {
        var cluster = MemberCluster.With(Set(3, "1Gi"));

        await ApplyAsync(cluster, Set(3, "1024Mi"));

        Assert.Equal(["apply 3", "apply 3"], cluster.Done);
    }

    [Fact]
    public async Task WhatTheServerAddsToAClaimTemplateIsNoChange()
    {
        var cluster = MemberCluster.With(Set(3));
        var template = (YamlMap)cluster.Set!.Map("spec")!.List("volumeClaimTemplates")![0];
        template.Add("status", new YamlMap().Add("phase", "Pending")).Map("spec")!.Add("volumeMode", "Filesystem");

        await ApplyAsync(cluster, Set(3));

        Assert.DoesNotContain("orphan", cluster.Done);
    }

    [Theory]
    [InlineData("1Gi", true, "its volume 'data' has 2Gi and cannot shrink to 1Gi")]
    [InlineData("3Gi", false, "storage class 'fast' does not allow it")]
    public async Task VolumesThatCannotHaveTheSizeAreRefusedBeforeAnythingChanges(string size, bool expands, string told)
    {
        var cluster = MemberCluster.With(Set(3, "2Gi"));
        cluster.Cluster.With(
            Yaml.Map($"{{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {{name: fast}}, allowVolumeExpansion: " +
                $"{(expands ? "true" : "false")}}}"));

        var refusal = await Assert.ThrowsAsync<DeployException>(() => ApplyAsync(cluster, Set(3, size)));

        Assert.Contains(told, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.Equal(["apply 3"], cluster.Done);
    }

    [Fact]
    public async Task AnotherHeadlessServiceIsRefused()
    {
        var cluster = MemberCluster.With(Set(3));
        var wanted = Set(3);
        wanted.Map("spec")!["serviceName"] = new YamlScalar("other");

        var refusal = await Assert.ThrowsAsync<DeployException>(() => ApplyAsync(cluster, wanted));

        Assert.Contains("serviceName cannot change", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>What `apply` does with a StatefulSet.</summary>
    private static async Task<List<string>> ApplyAsync(MemberCluster cluster, YamlMap wanted)
    {
        var told = new List<string>();
        var steps = new StatefulSetSteps(cluster.Cluster, told.Add, TimeProvider.System);
        await cluster.Cluster.ApplyAsync([await steps.BeforeApplyAsync(cluster.Set, wanted, Cancel)], new(), Cancel);
        await steps.AfterApplyAsync(wanted, Cancel);
        return told;
    }

    private static void AssertIs(MemberCluster cluster, int members)
    {
        Assert.Equal(Enumerable.Range(0, members), cluster.Ordinals);
        Assert.Equal(members, cluster.Arranged);
        Assert.False(cluster.IsLocked);
        Assert.Null(cluster.Set!.Map("metadata")!.Map("annotations")!.Text(KubernetesLabels.ScalingUnderWay));
        Assert.Null(cluster.Set.Map("spec")!.Map("updateStrategy")!.Map("rollingUpdate"));
    }

    private static IEnumerable<string> Each(string command, int members) =>
        Enumerable.Range(0, members).Select(i => $"{command} {i}");

    private static string? Storage(YamlMap claim) => claim.Map("spec")!.Map("resources")!.Map("requests")!.Text("storage");

    private static YamlMap Set(int members, string storage = "1Gi") => Yaml.Map(
        $$"""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: store
          annotations:
            monorepo/scaling: '{"lock":["lock"],"rearrange":["rearrange","{{members}}"],"retire":["retire"],"forget":["forget"],"unlock":["unlock"]}'
        spec:
          replicas: {{members}}
          serviceName: store-headless
          podManagementPolicy: Parallel
          selector: {matchLabels: {app.kubernetes.io/name: store} }
          updateStrategy: {type: RollingUpdate}
          template: {spec: {containers: [{name: store}] } }
          volumeClaimTemplates:
          - {apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data}, spec: {resources: {requests: {storage: {{storage}} } } } }
        """);
}
