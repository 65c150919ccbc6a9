using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.ConsoleOutput;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rollout;

namespace MonoRepo.Tests.Deploy;

public sealed class RolloutTests
{
    private const string Crash =
        "phase: Running, containerStatuses: [{name: main, restartCount: 5, state: {waiting: {reason: CrashLoopBackOff}}, " +
        "lastState: {terminated: {exitCode: 3}}}]";

    private static readonly string[] s_two =
    [
        Live.Deployment("server", 1, 1, 0, 1),
        Live.StatefulSet("redis", 6, 4, 6),
        Live.Policy("server", "redis"),
        Live.Policy("redis", "redis"),
    ];

    [Fact]
    public void WhatIsCalledComesFirstAndBlocksWhatCallsIt()
    {
        var tree = RolloutReading.Read(RolloutTargets.Of(Live.Objects(s_two)), Live.Snapshot(s_two));
        Assert.Equal(["redis", "server"], tree.Resources.Select(r => r.Name));
        Assert.Equal(["redis (4/6)"], tree.Resources[1].WaitsFor);
        Assert.Empty(tree.Resources[0].WaitsFor);
        Assert.Equal("redis", tree.FirstFailing!.Name);
    }

    [Fact]
    public void AMissingDependencyIsNamedWhereOnlyTheCallerIsApplied()
    {
        var tree = RolloutReading.Read(RolloutTargets.Of(Live.Objects(s_two[0], s_two[2])), Live.Snapshot(s_two[0]));
        Assert.Equal(["redis (does not exist here)"], Assert.Single(tree.Resources).WaitsFor);
    }

    [Fact]
    public void ObjectsThatAreNotThereAreNotReadyButJobsThatGoAreDone()
    {
        var targets = RolloutTargets.Of(Live.Objects(
            s_two[0], "{apiVersion: batch/v1, kind: Job, metadata: {name: migrate}, spec: {ttlSecondsAfterFinished: 60}}"));
        Assert.Equal([("migrate", true), ("server", false)], RolloutReading.Read(
            targets, Live.Snapshot()).Resources.Select(r => (r.Name, r.IsReady)));
    }

    [Fact]
    public void RequiresIntervention_WithoutProgress_FailsAfterTheTimeout()
    {
        var timeout = TimeSpan.FromSeconds(30);
        var start = DateTimeOffset.UnixEpoch;
        var crashing = Tree(Live.Deployment("server", 1, 1, 0, 1), Live.ReplicaSet("server", 1), Live.Pod("a", Crash));
        var starting = Tree(Live.Deployment("server", 1, 1, 0, 1));
        var judgement = RolloutJudgement.Start.After(crashing, start, timeout).After(crashing, start.AddSeconds(29), timeout);
        Assert.Null(judgement.Outcome);
        Assert.Equal(RolloutOutcome.Failed, judgement.After(crashing, start.AddSeconds(30), timeout).Outcome);
        Assert.Null(judgement.After(
            starting, start.AddSeconds(30), timeout).After(crashing, start.AddSeconds(31), timeout).Outcome);
    }

    [Fact]
    public void WhatWaitsForSomethingElseIsGivenTheTime()
    {
        var blocked = Tree([.. s_two, Live.ReplicaSet("server", 1), Live.Pod("a", Crash)]);
        Assert.True(blocked.Resources[1].RequiresIntervention);
        Assert.Null(RolloutJudgement.Start.After(blocked, DateTimeOffset.UnixEpoch, TimeSpan.Zero).Outcome);
    }

    [Fact]
    public async Task Wait_ForWhatWasSeenToWork_ReadsOnlyPods()
    {
        var objects = Live.Objects(Live.Deployment("server", 1, 1, 1, 1));
        var cluster = new FakeCluster().With(objects);
        var watches = 0;
        cluster.Before = call => watches += call == "watch" ? 1 : 0;

        var result = await new RolloutWaiter(cluster, new PlainRolloutView(TextWriter.Null), TimeProvider.System)
            .WaitAsync(objects, new() { Seen = objects }, TestContext.Current.CancellationToken);

        Assert.True(result.IsReady);
        Assert.Equal(0, watches);
        Assert.Equal(["get"], cluster.Calls);
    }

    [Fact]
    public async Task TheWaiterShowsChangesUntilAllIsReady()
    {
        var output = new StringWriter { NewLine = "\n" };
        var result = await WaitAsync(output, new FakeCluster().With(Live.Objects(s_two))
            .Then(Live.Objects(Live.Deployment("server", 1, 1, 1, 1), Live.StatefulSet("redis", 6, 6, 6))));
        Assert.True(result.IsReady);
        Assert.Equal(
            "statefulset/redis: 4/6 ready\ndeployment/server: 0/1 ready, waits for redis (4/6)\nstatefulset/redis: 6/6 " +
            "ready\ndeployment/server: 1/1 ready\n", output.ToString());
        Assert.StartsWith("All 2 are ready after ", RolloutLines.End(result)[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFailureShowsTheEventsAndTheLogOfTheRunThatCrashed()
    {
        var cluster = new FakeCluster().WithLog("server-1-a", "the last line").With(Live.Objects(
            Live.Deployment("server", 1, 1, 0, 1), Live.ReplicaSet("server", 1), Live.Pod("server-1-a", Crash),
            Live.Event("server-1-a", "BackOff", "Back-off restarting"),
            Live.StatefulSet("redis", 6, 6, 6)));
        var result = await WaitAsync(TextWriter.Null, cluster, new() { InterventionTimeout = TimeSpan.Zero });
        Assert.Equal(RolloutOutcome.Failed, result.Outcome);
        Assert.Equal(new LogOptions("server-1-a", "main") { Tail = 20, Previous = true }, Assert.Single(cluster.AskedLogs));
        Assert.Contains("    BackOff: Back-off restarting", RolloutLines.End(result));
        Assert.Equal("the last line", RolloutJson.Of(result)["failure"]!["log"]![0]!.GetValue<string>());
    }

    [Fact]
    public async Task WhatWasDeletedMeanwhileEndsTheWait()
    {
        var result = await WaitAsync(TextWriter.Null, new FakeCluster().With(Live.Objects(s_two)).Then(Live.Objects(s_two[1])));
        Assert.Equal(RolloutOutcome.Failed, result.Outcome);
        Assert.Equal("deployment/server: does not exist", RolloutLines.End(result)[1]);
    }

    [Fact]
    public async Task WhatIsOnItsWayTimesOut() =>
        Assert.Equal(
            RolloutOutcome.TimedOut,
            (await WaitAsync(
                TextWriter.Null, new FakeCluster().With(Live.Objects(s_two)),
                new() { Timeout = TimeSpan.FromMilliseconds(1) })).Outcome);

    [Fact]
    public async Task APodThatMayNotBeSeenEndsTheWait()
    {
        var cluster = new FakeCluster();
        cluster.Forbidden.Add(ResourceKind.Pod);
        Assert.Equal(
            ClusterErrorReason.Forbidden,
            (await Assert.ThrowsAsync<ClusterException>(() => WaitAsync(TextWriter.Null, cluster))).Reason);
    }

    [Fact]
    public async Task WhatMayNotBeSeenIsToldApart()
    {
        var cluster = new FakeCluster().With(Live.Objects(Live.Deployment("server", 1, 1, 1, 1)));
        cluster.Forbidden.Add(ResourceKind.StatefulSet);
        var result = await WaitAsync(TextWriter.Null, cluster);
        Assert.True(result.IsReady);
        Assert.StartsWith("deployment/server is ready after ", RolloutLines.End(result)[0], StringComparison.Ordinal);
        Assert.Equal(
            ["  not known to work:", "    statefulset/redis: may not be looked at by you"], RolloutLines.End(result).Skip(1));
    }

    [Fact]
    public void TheTerminalIsDrawnInPlaceAndNeverWraps()
    {
        var output = new StringWriter();
        var view = new TerminalRolloutView(new ScreenArea(output, () => (40, 24), isColored: false));
        view.Show(Tree(s_two), TimeSpan.Zero);
        var first = output.ToString();
        Assert.All(first.Split('\n'), l => Assert.InRange(l.Length, 0, 40));
        view.Show(Tree(s_two), TimeSpan.Zero);
        Assert.Equal(first + "\e[3F\e[J" + first, output.ToString());
    }

    private static RolloutTree Tree(params string[] yaml) =>
        RolloutReading.Read(RolloutTargets.Of(Live.Objects(yaml)), Live.Snapshot(yaml));

    private static Task<RolloutResult> WaitAsync(TextWriter output, FakeCluster cluster, RolloutOptions? options = null) =>
        new RolloutWaiter(cluster, new PlainRolloutView(output), TimeProvider.System)
            .WaitAsync(Live.Objects(s_two), (options ?? new()) with
            {
                Interval = TimeSpan.FromMilliseconds(100),
            }, TestContext.Current.CancellationToken);
}
