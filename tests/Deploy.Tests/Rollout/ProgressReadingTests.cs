using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rollout;

namespace MonoRepo.Tests.Deploy;

public sealed class ProgressReadingTests
{
    [Theory]
    [InlineData(2, 2, 2, 2, RolloutState.Ready, "ready", 2)]
    [InlineData(2, 1, 2, 3, RolloutState.Progressing, "1 of 2 pods are of the new version", 0)]
    [InlineData(2, 2, 3, 3, RolloutState.Progressing, "1 old pod is still there", 2)]
    [InlineData(2, 2, 1, 2, RolloutState.Progressing, "1 of 2 available", 1)]
    [InlineData(0, 0, 0, 0, RolloutState.Ready, "scaled to 0", 0)]
    public void ADeploymentIsReadyWhenAllPodsAreNewAndAvailableAndNoneIsLeftOver(
        int replicas, int updated, int available, int all, object state, string reason, int ready)
    {
        var read = Read("Deployment", "server", Live.Deployment("server", replicas, updated, available, all));
        Assert.Equal<(object, string, long?)>((state, reason, ready), (read.State, read.Reason, read.Ready));
    }

    [Fact]
    public void WhatTheControllerHasNotSeenIsNotReady() =>
        Assert.Equal(
            RolloutState.Progressing, Read("Deployment", "server", Live.Deployment("server", 2, 2, 2, 2, generation: 3)).State);

    [Fact]
    public void AnExceededDeadlineFails() =>
        Assert.Equal(
            RolloutState.Failed,
            Read("Deployment", "server", Live.Deployment(
                "server", 2, 1, 1, 2,
                more: ", conditions: [{type: Progressing, status: \"False\", reason: ProgressDeadlineExceeded}]")).State);

    [Fact]
    public void AFullQuotaIsToldByTheNewestReplicaSet()
    {
        const string Failure =
            "conditions: [{type: ReplicaFailure, status: \"True\", reason: FailedCreate, message: \"pods \\\"server-2-x7f\\\" " +
            "is forbidden: exceeded quota: quota, requested: pods=1\"}]";
        var read = Read("Deployment", "server", Live.Deployment(
            "server", 2, 0, 2, 2), Live.ReplicaSet("server", 9), Live.ReplicaSet("server", 10, Failure));
        Assert.Equal("its pods are refused: exceeded quota: quota, requested: pods=1", read.Reason);
        Assert.True(read.RequiresIntervention);
    }

    [Fact]
    public void PodsOfTheEarlierVersionAreMarked()
    {
        const string Crash =
            "phase: Running, containerStatuses: [{name: main, restartCount: 5, state: {waiting: {reason: CrashLoopBackOff}}, " +
            "lastState: {terminated: {exitCode: 1}}}]";
        var read = Read("Deployment", "server", Live.Deployment(
            "server", 1, 1, 0, 2), Live.ReplicaSet("server", 1), Live.ReplicaSet("server", 2),
            Live.Pod("old", Crash, "server-1"), Live.Pod("new", "phase: Pending", "server-2"));
        Assert.Equal([("new", false), ("old", true)], read.Pods.Select(p => (p.Name, p.IsOld)));
        Assert.False(read.RequiresIntervention);
    }

    [Theory]
    [InlineData(6, 6, "currentRevision: b, updateRevision: b", "", RolloutState.Ready)]
    [InlineData(5, 6, "currentRevision: b, updateRevision: b", "", RolloutState.Progressing)]
    [InlineData(6, 4, "currentRevision: a, updateRevision: b", "", RolloutState.Progressing)]
    [InlineData(
        6, 4, "currentRevision: a, updateRevision: b", ", updateStrategy: {rollingUpdate: {partition: 2}}", RolloutState.Ready)]
    [InlineData(6, 0, "currentRevision: a, updateRevision: b", ", updateStrategy: {type: OnDelete}", RolloutState.Ready)]
    public void AStatefulSetIsReadyWhenItsMembersAreAndTheRollHasEnded(
        int ready, int updated, string revisions, string spec, object state) =>
        Assert.Equal(state, Read("StatefulSet", "redis", Live.StatefulSet("redis", 6, ready, updated, revisions, spec)).State);

    [Fact]
    public void MembersThatAreStoppingAreNotReadyWhateverTheStatusSaysYet()
    {
        var read = Read("StatefulSet", "redis", Live.StatefulSet("redis", 1, 1, 1),
            "{kind: Pod, metadata: {name: redis-0, uid: p, deletionTimestamp: now, ownerReferences: [{uid: redis}]}}");
        Assert.Equal((RolloutState.Progressing, 0), (read.State, read.Ready));
    }

    [Theory]
    [InlineData("conditions: [{type: Complete, status: \"True\"}], succeeded: 1", "", RolloutState.Ready)]
    [InlineData(
        "conditions: [{type: Failed, status: \"True\", reason: BackoffLimitExceeded}], failed: 4", "", RolloutState.Failed)]
    [InlineData("conditions: [{type: FailureTarget, status: \"True\"}], active: 1", "", RolloutState.Progressing)]
    [InlineData("active: 1", "", RolloutState.Progressing)]
    [InlineData("", "suspend: true", RolloutState.Ready)]
    public void AJobIsReadyWhenItIsComplete(string status, string spec, object state) =>
        Assert.Equal(
            state, Read(
                "Job", "migrate",
                $"{{kind: Job, metadata: {{name: migrate, uid: j}}, spec: {{{spec}}}, status: {{{status}}}}}").State);

    [Fact]
    public void AClaimIsNotWaitedForBeforeItsFirstPod()
    {
        const string Claim = "{kind: PersistentVolumeClaim, metadata: {name: backups, uid: c}, status: {phase: Pending}}";
        Assert.Equal(RolloutState.Ready, Read("PersistentVolumeClaim", "backups", Claim).State);
        Assert.Equal(RolloutState.Progressing, Read("PersistentVolumeClaim", "backups", Claim, Live.Pod(
            "a", "", spec: "volumes: [{persistentVolumeClaim: {claimName: backups}}]")).State);
        Assert.Equal("ProvisioningFailed: no class", Read(
            "PersistentVolumeClaim", "backups", Claim, Live.Event("c", "ProvisioningFailed", "no class")).Reason);
    }

    [Theory]
    [InlineData("conditions: [{type: Available, status: \"True\", observedGeneration: 1}]", RolloutState.Ready)]
    [InlineData("conditions: [{type: Available, status: \"True\", observedGeneration: 0}]", RolloutState.Progressing)]
    [InlineData("conditions: [{type: Available, status: Degraded, reason: SomePodsNotReady}]", RolloutState.Progressing)]
    [InlineData("", RolloutState.Unknown)]
    public void AnOperatorsResourceIsReadyByItsConditionOrHasNone(string status, object state) =>
        Assert.Equal(
            state, Read(
                "Prometheus", "prometheus",
                $"{{kind: Prometheus, metadata: {{name: prometheus, uid: p, generation: 1}}, status: {{{status}}}}}").State);

    [Theory]
    [InlineData("2026-11-21T14:01:55Z", RolloutState.Progressing, "waits for its operator")]
    [InlineData("2026-11-21T14:01:00Z", RolloutState.Unknown, "no operator has looked at it; `setup` installs them")]
    public void OperatorResource_ThatNobodyLookedAt_IsWaitedForAMoment(string created, object state, string reason)
    {
        var progress = Read(
            "Grafana", "grafana", $"{{kind: Grafana, metadata: {{name: grafana, uid: g, creationTimestamp: \"{created}\"}}}}");

        Assert.Equal((state, reason), (progress.State, progress.Reason));
    }

    [Fact]
    public void End_WithResourcesThatNoOperatorLookedAt_SaysThemApart()
    {
        var result = new RolloutResult(
            RolloutOutcome.Ready,
            new([new("Deployment", "server", RolloutState.Ready, "ready"), new(
                "Grafana", "grafana", RolloutState.Unknown, "no operator has looked at it")]),
            TimeSpan.FromSeconds(2),
            null);

        Assert.Equal([
            "deployment/server is ready after 2.0 s.",
            "  not known to work:",
            "    grafana/grafana: no operator has looked at it",
        ], RolloutLines.End(result));
    }

    private static ResourceProgress Read(string kind, string name, params string[] yaml)
    {
        var snapshot = Live.Snapshot(yaml);
        return ProgressReading.Read(snapshot.Find(kind, name)!, snapshot);
    }
}
