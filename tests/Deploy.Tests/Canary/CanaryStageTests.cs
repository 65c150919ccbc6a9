using MonoRepo.Deploy;
using MonoRepo.Deploy.Canary;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Tests.Deploy;

/// <summary>What the deployer does about changed images before it applies them.</summary>
public sealed class CanaryStageTests
{
    private static readonly CanaryPolicy s_policy = new(
        10, TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(30), AppliesInconclusive: false);
    private static readonly ObjectKey s_candidate = new("apps", "Deployment", "web-canary");
    private readonly FakeCluster _cluster = new FakeCluster().With(Deployment("web", "01"), Deployment("other", "01"));
    private readonly List<string> _log = [];
    private Verdict _verdict = Verdict.Pass;
    private string? _failure;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AChangedDigestIsTried_AndStaysUntilItWasApplied()
    {
        Assert.Equal([s_candidate], await RunAsync("02"));
        Assert.Equal("localhost:5000/web@sha256:02", CanaryDeployment.ImageOf(_cluster[s_candidate]).ToString());
        Assert.Contains("deployment.apps/web-canary tries localhost:5000/web@sha256:02 on 1 of 3 pods.", _log);
        Assert.Contains("deployment.apps/web: pass at look 3 of 20.", _log);
    }

    [Fact]
    public async Task WhatDoesNotChangeIsNotTried()
    {
        Assert.Empty(await RunAsync("01"));
        Assert.Empty(await RunAsync("02", policy: null));
        Assert.DoesNotContain(_cluster.Calls, c => c != "get");
    }

    [Fact]
    public async Task AWorseOneIsRemoved_AndTheCommitIsToBlame()
    {
        _verdict = Verdict.Fail;
        var exception = await Assert.ThrowsAsync<DeployException>(() => RunAsync("02"));
        Assert.Equal("the canary of deployment.apps/web is worse: latency 5 against 1 (p 0.001)", exception.Message);
        Assert.DoesNotContain(s_candidate, _cluster.Keys);
    }

    [Fact]
    public async Task OneThatDoesNotWorkIsRemoved_AndTheCommitIsToBlame()
    {
        _failure = "Deployment web-canary does not work: no such image";
        Assert.Equal(_failure, (await Assert.ThrowsAsync<DeployException>(() => RunAsync("02"))).Message);
        Assert.DoesNotContain(s_candidate, _cluster.Keys);
    }

    [Fact]
    public async Task AnInconclusiveOneIsRemoved_UnlessTheEnvironmentTakesIt()
    {
        _verdict = Verdict.Inconclusive;
        await Assert.ThrowsAsync<InconclusiveCanaryException>(() => RunAsync("02"));
        Assert.DoesNotContain(s_candidate, _cluster.Keys);

        Assert.Equal([s_candidate], await RunAsync("02", s_policy with { AppliesInconclusive = true }));
    }

    [Fact]
    public async Task WhoWasInterruptedGoesOnWithTheSameOne_AndRemovesWhatIsNoLongerWanted()
    {
        _cluster.Before = call =>
        {
            if (call == "apply Deployment/web-canary")
            {
                _cluster.Before = _ => { };
                _cluster.After = _ => throw new OperationCanceledException();
            }
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync("02"));
        _cluster.After = _ => { };
        Assert.Contains(s_candidate, _cluster.Keys);

        await RunAsync("03");
        Assert.Equal("sha256:03", CanaryDeployment.ImageOf(_cluster[s_candidate]).Digest);
        Assert.Single(_cluster.Keys, k => k.Name.EndsWith("-canary", StringComparison.Ordinal));

        Assert.Empty(await RunAsync("01"));
        Assert.DoesNotContain(s_candidate, _cluster.Keys);
    }

    [Fact]
    public async Task SomebodyElsesIsLeftAlone()
    {
        _cluster.With(Deployment("web-canary", "07"));
        var exception = await Assert.ThrowsAsync<InconclusiveCanaryException>(() => RunAsync("02"));
        Assert.StartsWith("deployment.apps/web-canary was started by somebody", exception.Message, StringComparison.Ordinal);
        Assert.Empty(await RunAsync("01"));
        Assert.Equal("sha256:07", CanaryDeployment.ImageOf(_cluster[s_candidate]).Digest);
    }

    private Task<IReadOnlyList<ObjectKey>> RunAsync(string digest) => RunAsync(digest, s_policy);

    private Task<IReadOnlyList<ObjectKey>> RunAsync(string digest, CanaryPolicy? policy) => new CanaryStage(
        _cluster,
        (_, _) => Task.FromResult(_failure),
        (_, _, _) => Task.FromResult(new CanaryResult(
            _verdict, 3, 20, [new(new("latency", WorseWhen.Higher, true, [1], [5]), _verdict, 1, 0.001)])),
        _log.Add).RunAsync([Deployment("web", digest), Deployment("other", "01")], policy, Token);

    private static YamlMap Deployment(string name, string digest) => DeployObjects.Read($$$$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: {{{{name}}}}, uid: "17", labels: {app.kubernetes.io/name: {{{{name}}}}}, annotations: {monorepo/resource: {{{{name}}}}}}
        spec:
          replicas: 2
          selector: {matchLabels: {app.kubernetes.io/name: {{{{name}}}}}}
          template:
            metadata: {labels: {app.kubernetes.io/name: {{{{name}}}}}}
            spec: {containers: [{name: {{{{name}}}}, image: "localhost:5000/web@sha256:{{{{digest}}}}"}]}
        """);
}
