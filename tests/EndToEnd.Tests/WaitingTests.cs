using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rollout;
using MonoRepo.Deploy.Yaml;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Tests;

/// <summary>What a real cluster says about pods that do not work. Nothing here needs an image that runs.</summary>
public sealed class WaitingTests
{
    [Fact]
    public async Task AnImageThatDoesNotExistIsNamedWithTheEvents()
    {
        await using var environment = await PersonalEnvironment.CreateAsync("tests/DeployedAppHost");
        var image = $"{Environment.GetEnvironmentVariable("MONOREPO_TEST_REGISTRY")}/nothing:7";
        var result = await WaitAsync(environment, Deployment("noimage", image), TimeSpan.FromMinutes(4));
        Assert.Equal(RolloutOutcome.Failed, result.Outcome);
        Assert.Contains($"cannot pull {image}: ", result.Failure!.Pod!.Reason, StringComparison.Ordinal);
        Assert.NotEmpty(result.Failure.Events);
    }

    [Fact]
    public async Task APodThatFitsNowhereHasTheSchedulersMessage()
    {
        await using var environment = await PersonalEnvironment.CreateAsync("tests/DeployedAppHost");
        var result = await WaitAsync(environment, Deployment("big", "nothing", cpu: "5k"), TimeSpan.FromSeconds(20));
        Assert.Equal(RolloutOutcome.TimedOut, result.Outcome);
        Assert.Matches("^pending: 0/[0-9]+ nodes are available: ", result.Failure!.Pod!.Reason);
    }

    [Fact]
    public async Task AFullQuotaIsToldAtTheResource()
    {
        await using var environment = await PersonalEnvironment.CreateAsync("tests/DeployedAppHost");
        await environment.CreateAsync(
            "{apiVersion: v1, kind: ResourceQuota, metadata: {name: none}, spec: {hard: {pods: \"0\"}}}");
        var result = await WaitAsync(environment, Deployment("refused", "nothing"), TimeSpan.FromMinutes(2));
        Assert.Equal(RolloutOutcome.Failed, result.Outcome);
        Assert.Contains("its pods are refused: exceeded quota: none", result.Failure!.Resource.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhoMayNotLookIsToldSoInOneLine()
    {
        await using var environment = await PersonalEnvironment.CreateAsync("tests/DeployedAppHost");
        using var nobody = await environment.NobodyAsync();
        using var cluster = ClusterClient.Connect(new(NobodyConfig.User, environment.Namespace), Kubeconfig.Load(nobody.Path));
        var refused = await Assert.ThrowsAsync<ClusterException>(() => new RolloutWaiter(
            cluster, new PlainRolloutView(TextWriter.Null), TimeProvider.System)
            .WaitAsync(Objects(Deployment("any", "nothing")), new(), TestContext.Current.CancellationToken));
        Assert.Equal(ClusterErrorReason.Forbidden, refused.Reason);
        Assert.All(refused.Errors, e => Assert.DoesNotContain('\n', e.Message));
    }

    private static async Task<RolloutResult> WaitAsync(PersonalEnvironment environment, string yaml, TimeSpan timeout)
    {
        await environment.CreateAsync(yaml);
        return await environment.WaitAsync(Objects(yaml), timeout);
    }

    private static IReadOnlyList<YamlMap> Objects(string yaml) => [.. YamlReader.ReadAll(yaml).Cast<YamlMap>()];

    private static string Deployment(string name, string image, string cpu = "1m") => $$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{name}}
        spec:
          selector:
            matchLabels: {app.kubernetes.io/name: {{name}}}
          template:
            metadata:
              labels: {app.kubernetes.io/name: {{name}}}
            spec:
              securityContext: {runAsNonRoot: true, runAsUser: 65532, seccompProfile: {type: RuntimeDefault} }
              containers:
              - name: main
                image: "{{image}}"
                resources: {requests: {cpu: "{{cpu}}", memory: 1Mi}, limits: {cpu: "{{cpu}}", memory: 16Mi} }
                securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]} }
        """;
}
