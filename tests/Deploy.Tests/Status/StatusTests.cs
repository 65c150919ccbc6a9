using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rollout;
using MonoRepo.Deploy.Status;

namespace MonoRepo.Tests.Deploy;

public sealed class StatusTests
{
    private static readonly string[] s_live =
    [
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: redis, uid: redis, generation: 1, creationTimestamp: "2026-11-21T13:57:00Z"}
        spec: {replicas: 2, template: {spec: {containers: [{name: redis, image: "redis:8"}], initContainers: [{name: keeper, image: "registry:5000/keeper@sha256:0123456789abcdef0123"}]}}}
        status: {observedGeneration: 1, replicas: 2, readyReplicas: 1, updatedReplicas: 2}
        """,
        Live.Pod("redis-0",
            "phase: Running, podIP: 10.42.0.7, conditions: [{type: Ready, status: \"True\"}], containerStatuses: [{name: " +
            "redis, restartCount: 2, ready: true, state: {running: {}}, image: \"docker.io/library/redis:8\", imageID: " +
                    "\"docker.io/library/redis@sha256:fedcba9876543210\"}]", "redis", "nodeName: node-1"),
        Live.Pod("redis-1",
            "phase: Running, containerStatuses: " +
            "[{name: redis, restartCount: 0, ready: false, started: true, state: {running: {}}}]",
            "redis"),
        Live.Event("redis-1", "Unhealthy", "Readiness probe failed: no", path: "spec.containers{redis}"),
    ];

    [Fact]
    public void ARowSaysWhatRunsAndLinesBelowItWhatIsWrong() => Assert.Equal(
        [
            "RESOURCE           READY  IMAGE                  AGE  RESTARTS  STATE",
            "statefulset/redis  1/2    redis@fedcba987654 +1  5m   2         1 of 2 ready",
            "  redis-1: not ready: Readiness probe failed: no",
            "  last warning, 2m ago: Unhealthy: Readiness probe failed: no",
        ],
        StatusTable.Lines(Read()));

    [Fact]
    public void WideRowsHaveAllImagesAndPodsAndWhereTheyRun() => Assert.Equal(
        [
            "  image redis:8@sha256:fedcba9876543210",
            "  image registry:5000/keeper@sha256:0123456789abcdef0123",
            "  redis-0  node-1 10.42.0.7  2 restarts  ready",
            "  redis-1  -  0 restarts  not ready: Readiness probe failed: no",
        ],
        StatusTable.Lines(Read(), isWide: true).Skip(2).SkipLast(1));

    [Fact]
    public void JsonHasTheWholeDigests()
    {
        var json = StatusTable.Json(Read())[0]!;
        Assert.Equal([
            "redis:8@sha256:fedcba9876543210",
            "registry:5000/keeper@sha256:0123456789abcdef0123",
        ], json["images"]!.AsArray().Select(i => i!.GetValue<string>()).Order(StringComparer.Ordinal));
        Assert.Equal((300, 2), (json["ageSeconds"]!.GetValue<long>(), json["restarts"]!.GetValue<long>()));
    }

    [Theory]
    [InlineData(45, "45s")]
    [InlineData(600, "10m")]
    [InlineData(7200, "2h")]
    [InlineData(200_000, "2d7h")]
    [InlineData(900_000, "10d")]
    public void AgesAreShort(int seconds, string text) => Assert.Equal(text, Ages.Of(TimeSpan.FromSeconds(seconds)));

    private static IReadOnlyList<ResourceStatus> Read() =>
        StatusReading.Read(RolloutTargets.Of(Live.Objects(s_live[0])), Live.Snapshot(s_live));
}
