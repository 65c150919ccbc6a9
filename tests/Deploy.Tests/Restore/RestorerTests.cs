using MonoRepo.Deploy;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Restore;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Tests.Deploy;

public sealed class RestorerTests
{
    private const string CronJob =
        """
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: redis-backup
          annotations:
            monorepo/resource: redis
            monorepo/restore-commands: '{"plan":["plan","{backup}"],"replace":["replace","{backup}"],"merge":["merge","{backup}"],"resume":["resume"]}'
        spec:
          jobTemplate:
            spec:
              backoffLimit: 2
              template:
                metadata: {labels: {app.kubernetes.io/name: redis-backup}}
                spec: {restartPolicy: OnFailure, containers: [{name: backup, command: [backup], resources: {limits: {memory: 64Mi}}}]}
        """;

    [Theory]
    [InlineData("Complete", true)]
    [InlineData("Failed", false)]
    public async Task AJobRunsOnceKeepsItsPodAndTellsAllThatItWrites(string condition, bool succeeded)
    {
        var cluster = new FakeCluster().With(Live.Objects(
            CronJob, "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: redis}, spec: {template: {spec: {containers: " +
                "[{name: redis, resources: {limits: {memory: 2Gi}}}]}}}}"));
        YamlMap? job = null;
        cluster.After = call =>
        {
            if (call.StartsWith("create Job/", StringComparison.Ordinal))
            {
                var name = call["create Job/".Length..];
                job = (YamlMap)cluster[new("batch", "Job", name)].Clone();
                cluster.Then(
                    State(name, "", "{waiting: {reason: ContainerCreating}}", ""),
                    State(name, "", "{running: {}}", "containerd://1"),
                    State(name, condition, "{terminated: {exitCode: 0}}", "containerd://1"));
            }
        };
        // The first log breaks before its end.
        cluster.WithLog("pod", "one").WithLog("pod", "one", "two", "last words");
        List<string> told = [];

        var (key, done) = await new Restorer(cluster, TimeProvider.System).RunAsync(
            "redis-backup", "redis", ["replace", "x"], told.Add, TestContext.Current.CancellationToken);

        Assert.Equal((key.Name, succeeded), (job!.Map("metadata")!.Text("name"), done));
        Assert.Equal(["one", "two", "last words"], told.Where(t => !t.StartsWith("waiting for pod: ", StringComparison.Ordinal)));
        var spec = job!.Map("spec")!;
        var pod = spec.Map("template")!.Map("spec")!;
        var container = (YamlMap)pod.List("containers")![0];
        Assert.Equal(("0", "Never", "2Gi"), (
            spec.Text("backoffLimit"), pod.Text("restartPolicy"), container.Map("resources")!.Map("limits")!.Text("memory")));
        Assert.Equal(["replace", "x"], container.List("command")!.Select(c => ((YamlScalar)c).Text));
        Assert.DoesNotContain(cluster.Calls, c => c.StartsWith("delete", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhatIsNotSavedIsRefusedInOneLine()
    {
        var (name, commands) = RestoreCommands.Find(Live.Objects(CronJob), "redis", "dev");
        Assert.Equal(("redis-backup", "resume"), (name, commands.Resume[0]));
        Assert.StartsWith("'todo' is not saved in 'dev': no backup to restore. Saved are: redis.", Assert.Throws<DeployException>(
            () => RestoreCommands.Find(Live.Objects(CronJob), "todo", "dev")).Message, StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<DeployException>(() => new Restorer(new FakeCluster(), TimeProvider.System)
            .RunAsync("redis-backup", "redis", [], _ => { }, TestContext.Current.CancellationToken));
        Assert.Contains("apply first", refused.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<YamlMap> State(string job, string condition, string state, string id) => Live.Objects(
        $"{{apiVersion: batch/v1, kind: Job, metadata: {{name: {job}}}, status: {{conditions: [{{type: '{condition}', status: " +
        $"'True'}}]}}}}",
        $"{{apiVersion: v1, kind: Pod, metadata: {{name: pod}}, status: {{phase: Pending, containerStatuses: [{{name: backup, " +
        $"containerID: '{id}', state: {state}}}]}}}}");
}
