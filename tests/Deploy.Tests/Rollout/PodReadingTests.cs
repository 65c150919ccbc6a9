using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rollout;

namespace MonoRepo.Tests.Deploy;

/// <summary>Statuses are those of a Kubernetes 1.36, shortened.</summary>
public sealed class PodReadingTests
{
    private const string Image = "registry:5000/server:7";

    [Fact]
    public void AReadyPodIsReady() =>
        Assert.Equal(
            new PodProgress("server-1-a", true, "ready"),
            Read("phase: Running, conditions: [{type: Ready, status: \"True\"}], containerStatuses: [{name: main, ready: " +
                "true, started: true, restartCount: 0, state: {running: {}}}]"));

    [Fact]
    public void AnImageThatCannotBePulledNamesTheImageAndTheRegistrysAnswer()
    {
        var pod = Read(
            $$$$"""phase: Pending, containerStatuses: [{name: main, image: "{{{{Image}}}}", state: {waiting: {reason: ImagePullBackOff, message: "Back-off pulling image \"{{{{Image}}}}\": ErrImagePull: rpc error: code = NotFound desc = failed to resolve reference: not found"}}}]""");
        Assert.Equal($"ImagePullBackOff: cannot pull {Image}: failed to resolve reference: not found", pod.Reason);
        Assert.True(pod.RequiresIntervention);
    }

    [Fact]
    public void OlderKubeletsSayWhyAPullFailedInAnEvent() => Assert.Equal(
        $"ImagePullBackOff: cannot pull {Image}: no such host",
        Read(
            $$$$"""phase: Pending, containerStatuses: [{name: main, image: "{{{{Image}}}}", state: {waiting: {reason: ImagePullBackOff, message: "Back-off pulling image"}}}]""",
                Live.Event("server-1-a", "Failed",
                    "Failed to pull image: rpc error: code = Unknown desc = no such host")).Reason);

    [Fact]
    public void ACrashLoopHasTheExitCodeAndNeedsSomebodyOnceItIsOne()
    {
        const string Status =
            "phase: Running, containerStatuses: [{name: main, restartCount: COUNT, state: {waiting: {reason: " +
            "CrashLoopBackOff}}, lastState: {terminated: {exitCode: 137, reason: OOMKilled}}}]";
        var first = Read(Status.Replace("COUNT", "1", StringComparison.Ordinal));
        Assert.Equal("CrashLoopBackOff: container main exited with 137 (OOMKilled), 1 restart", first.Reason);
        Assert.False(first.RequiresIntervention);
        Assert.True(first.HasCrashed);
        Assert.True(Read(Status.Replace("COUNT", "3", StringComparison.Ordinal)).RequiresIntervention);
    }

    [Fact]
    public void AFailingReadinessProbeShowsTheLastAnswer() => Assert.Equal(
        "not ready: Readiness probe failed: HTTP probe failed with statuscode: 503",
        Read("phase: Running, containerStatuses: [{name: main, ready: false, started: true, state: {running: {}}}]",
            Live.Event("server-1-a", "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503",
                path: "spec.containers{main}"),
            Live.Event("server-1-a", "Unhealthy", "of another container", path: "spec.initContainers{side}")).Reason);

    [Fact]
    public void APendingPodHasTheSchedulersFirstSentence() => Assert.Equal(
        "pending: 0/1 nodes are available: 1 Insufficient cpu",
        Read("phase: Pending, conditions: [{type: PodScheduled, status: \"False\", message: \"0/1 nodes are available: 1 " +
            "Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available.\"}]").Reason);

    [Fact]
    public void AVolumeThatCannotBeMadeSaysMoreThanTheScheduler() => Assert.Equal(
        "pending: volume data: no class",
        PodReading.Read(Live.Snapshot(
            Live.Pod("a", "phase: Pending, conditions: [{type: PodScheduled, status: \"False\", message: unbound}]",
                spec: "volumes: [{persistentVolumeClaim: {claimName: data}}]"),
            "{kind: PersistentVolumeClaim, metadata: {name: data, uid: data}, status: {phase: Pending}}",
            Live.Event("data", "ProvisioningFailed", "no class")) is var snapshot
                ? snapshot.Find("Pod", "a")!
                : null!, snapshot).Reason);

    [Fact]
    public void PullingIsToldFromCreating()
    {
        var status =
            $$$$"""phase: Pending, containerStatuses: [{name: main, image: "{{{{Image}}}}", state: {waiting: {reason: ContainerCreating}}}]""";
        Assert.Equal($"pulling {Image}", Read(status, Live.Event("server-1-a", "Pulling", "Pulling image", "Normal")).Reason);
        Assert.Equal("creating the container", Read(status, Live.Event(
            "server-1-a", "Pulling", "Pulling", "Normal"), Live.Event("server-1-a", "Pulled", "Pulled", "Normal")).Reason);
        Assert.Equal("FailedMount: configmap not found", Read(
            status, Live.Event("server-1-a", "FailedMount", "configmap not found")).Reason);
    }

    [Fact]
    public void AMissingSecretIsNamed() => Assert.Equal(
        "CreateContainerConfigError: secret \\\"parameters\\\" not found".Replace("\\", "", StringComparison.Ordinal),
        Read("phase: Pending, containerStatuses: [{name: main, state: {waiting: {reason: CreateContainerConfigError, message: " +
            "\"secret \\\"parameters\\\" not found\"}}}]").Reason);

    [Fact]
    public void ASidecarThatRunsIsNoObstacleAnInitContainerThatRunsIs()
    {
        const string Spec = "initContainers: [{name: first}, {name: keeper, restartPolicy: Always}], containers: [{name: main}]";
        const string Rest =
            "containerStatuses: [{name: main, ready: true, state: {running: {}}}], conditions: [{type: Ready, status: \"True\"}]";
        Assert.True(ReadOf(
            Spec, $"phase: Running, initContainerStatuses: [{{name: first, state: {{terminated: {{exitCode: 0}}}}}}, {{name: " +
                $"keeper, started: true, state: {{running: {{}}}}}}], {Rest}").IsReady);
        Assert.Equal("init container first runs", ReadOf(
            Spec, $"phase: Pending, initContainerStatuses: [{{name: first, state: {{running: {{}}}}}}], {Rest}").Reason);
    }

    [Fact]
    public void MessagesCannotMoveTheCursor() => Assert.DoesNotContain(
        '\e', Read("phase: Pending, containerStatuses: [{name: main, state: {waiting: {reason: CreateContainerError, message: " +
            "\"a \\e[2J b\"}}}]").Reason);

    private static PodProgress Read(string status, params string[] events) =>
        ReadOf("containers: [{name: main}]", status, events);

    private static PodProgress ReadOf(string spec, string status, params string[] events)
    {
        var snapshot = Live.Snapshot([Live.Pod("server-1-a", status, spec: spec), .. events]);
        return PodReading.Read(snapshot.Find("Pod", "server-1-a")!, snapshot) with { Container = null };
    }
}
