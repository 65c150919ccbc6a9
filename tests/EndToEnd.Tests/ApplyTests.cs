using System.Text.Json;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Tests;

/// <summary>Applies of a small graph of two services.</summary>
public sealed class ApplyTests
{
    private const string Graph = "tests/DeployedAppHost";

    [Fact]
    public async Task OneSettingRollsOneDeployment()
    {
        await using var environment = await PersonalEnvironment.CreateAsync(Graph);
        (await environment.RunAsync("apply")).Succeeded();
        await environment.ReadyAsync();
        var before = await environment.SpecsAsync();

        var diff = await environment.RunAsync("diff", "--Test:Setting:one", "2");
        var changed = Json(await environment.RunAsync("apply", "--output", "json", "--Test:Setting:one", "2"))
            .GetProperty("changed");

        Assert.Equal(16, diff.ExitCode);
        Assert.Contains("+  Test__Setting: \"2\"", diff.Output);
        Assert.Equal(["deployment.apps/one"], changed.EnumerateArray().Select(c => c.GetString()));
        var after = await environment.SpecsAsync();
        Assert.Equal(
            ["Deployment/one"],
            before.Where(b => after.GetValueOrDefault(b.Key) != b.Value
                && !b.Key.StartsWith("ReplicaSet", StringComparison.Ordinal)).Select(b => b.Key));
        Assert.Equal(0, (await environment.RunAsync("diff", "--Test:Setting:one", "2")).ExitCode);
    }

    [Fact]
    public async Task AResourceThatLeftTheGraphIsPrunedAndNothingElse()
    {
        await using var environment = await PersonalEnvironment.CreateAsync(Graph);
        (await environment.RunAsync("apply")).Succeeded();
        await environment.CreateAsync("{apiVersion: v1, kind: ConfigMap, metadata: {name: theirs}, data: {a: b}}");
        await environment.SetAsync(
            "kubectl-label",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: theirs, labels: {app.kubernetes.io/managed-by: monorepo, " +
            "app.kubernetes.io/name: two}}}");

        var run = await environment.RunAsync("apply", "--Test:Services", "one");

        Assert.Contains("deployment.apps/two of two is no longer wanted and is deleted", run.Succeeded());
        Assert.Equal(["one"], await environment.NamesAsync("Deployment.apps"));
        Assert.Equal(["one", "one-headless"], await environment.NamesAsync("Service"));
        Assert.Contains("theirs", await environment.NamesAsync("ConfigMap"));
        Assert.DoesNotContain(await environment.NamesAsync("ConfigMap"), n => n.StartsWith("two", StringComparison.Ordinal));
    }

    [Fact]
    public async Task DeleteLeavesNothingOfOursAndAllOfOthers()
    {
        await using var environment = await PersonalEnvironment.CreateAsync(Graph);
        var before = await EverythingAsync(environment);
        (await environment.RunAsync("apply")).Succeeded();
        await environment.CreateAsync("{apiVersion: v1, kind: ConfigMap, metadata: {name: theirs}, data: {a: b}}");

        var refused = await environment.RunAsync("delete");
        (await environment.RunAsync("delete", "--yes")).Succeeded();

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("Confirmation requires a terminal. Use --yes to skip it.", refused.Error, StringComparison.Ordinal);
        Assert.Equal(before.Append("ConfigMap/theirs").Order(StringComparer.Ordinal), await EverythingAsync(environment));
    }

    [Fact]
    public async Task TwoPersonalEnvironmentsLiveSideBySide()
    {
        await using var mine = await PersonalEnvironment.CreateAsync(Graph);
        await using var yours = await PersonalEnvironment.CreateAsync(Graph);
        (await yours.RunAsync("apply", "--Test:Services", "one")).Succeeded();
        var before = await yours.SpecsAsync();

        (await mine.RunAsync("apply", "--Test:Services", "two")).Succeeded();
        (await mine.RunAsync("delete", "--yes")).Succeeded();

        Assert.Equal(before, await yours.SpecsAsync());
        Assert.Empty(await mine.NamesAsync("Deployment.apps"));
    }

    [Fact]
    public async Task AnInterruptedApplyIsFinishedByTheNext()
    {
        await using var environment = await PersonalEnvironment.CreateAsync(Graph);
        (await environment.RunAsync("apply")).Succeeded();

        var killed = await environment.RunAsync(
            line => line.Contains("is no longer wanted", StringComparison.Ordinal), "apply", "--Test:Services", "one,three");
        Assert.NotEqual(0, killed.ExitCode);
        (await environment.RunAsync("apply", "--Test:Services", "one,three")).Succeeded();

        Assert.Equal(["one", "three"], await environment.NamesAsync("Deployment.apps"));
        (await environment.RunAsync("delete", "--yes")).Succeeded();
        Assert.Empty(await environment.NamesAsync("Deployment.apps", "Service", "ConfigMap"));
    }

    [Fact]
    public async Task TwoAppliesAtOnceLoseNothing()
    {
        await using var environment = await PersonalEnvironment.CreateAsync(Graph);

        var runs = await Task.WhenAll(environment.RunAsync(
            "apply", "--Test:Services", "one,two"), environment.RunAsync("apply", "--Test:Services", "two,three"));

        // One may prune what only the other wants, which says so and doesn't wait for it.
        Assert.Contains(runs, r => r.ExitCode == 0);
        Assert.All(runs.Where(r => r.ExitCode != 0), r =>
            Assert.Matches("deployment/(one|three): does not exist", r.Output + r.Error));
        var listed = (await environment.GetAsync("ConfigMap"))
            .Single(c => c.TextAt("metadata", "labels", "app.kubernetes.io/name") == "inventory").TextAt("data", "objects")!;
        Assert.All(await environment.NamesAsync("Deployment.apps"), n => Assert.Contains($"Deployment.apps/{n} ", listed));
        (await environment.RunAsync("delete", "--yes")).Succeeded();
        Assert.Empty(await environment.NamesAsync("Deployment.apps", "Service", "ConfigMap"));
    }

    [Fact]
    public async Task AnotherContextIsRefused()
    {
        await using var environment = await PersonalEnvironment.CreateAsync(Graph);

        var refused = await environment.RunAsync("apply", "--Environments:personal:Context", "production");

        Assert.Equal(1, refused.ExitCode);
        Assert.StartsWith("Environment 'personal' is in the context 'production', but the current context is '", refused.Error);
        Assert.Empty(await environment.NamesAsync("Deployment.apps", "ConfigMap"));
    }

    [Fact]
    public async Task AForeignOwnerOfAFieldIsExplainedAndNotOverruled()
    {
        await using var environment = await PersonalEnvironment.CreateAsync(Graph);
        (await environment.RunAsync("apply", "--Test:Services", "one", "--Test:Replicas:one", "1")).Succeeded();
        await environment.Cluster.PatchAsync(
            new("apps", "Deployment", "one"), new("""{"spec": {"replicas": 2}}""", Subresource: "scale") { Manager = "somebody" },
            TestContext.Current.CancellationToken);

        var refused = await environment.RunAsync("apply", "--Test:Services", "one", "--Test:Replicas:one", "1");
        var forced = await environment.RunAsync(
            "apply", "--Test:Services", "one", "--Test:Replicas:one", "1", "--force-conflicts");

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("deployment.apps/one: .spec.replicas is 2, set by 'somebody'", refused.Error);
        forced.Succeeded();
        Assert.Equal("1", await environment.ValueAsync("Deployment.apps/one", "spec", "replicas"));
    }

    [Fact]
    public async Task AnAutoscalerGetsTheNumberOfReplicasAndGivesItBack()
    {
        await using var environment = await PersonalEnvironment.CreateAsync(Graph);
        (await environment.RunAsync("apply", "--Test:Services", "one", "--Test:Replicas:one", "2")).Succeeded();

        var handed = (await environment.RunAsync("apply", "--Test:Services", "one", "--Test:Autoscaling:one", "true"))
            .Succeeded();
        Assert.Contains("deployment.apps/one: the number of replicas is handed over to the autoscaler", handed);
        Assert.Equal("2", await ReplicasAsync());
        Assert.DoesNotContain(
            "handed over",
            (await environment.RunAsync("apply", "--Test:Services", "one", "--Test:Autoscaling:one", "true")).Succeeded());
        var back = (await environment.RunAsync("apply", "--Test:Services", "one", "--Test:Replicas:one", "1")).Succeeded();

        Assert.Contains("deployment.apps/one: the number of replicas is taken back", back);
        Assert.Equal("1", await ReplicasAsync());
        Assert.Empty(await environment.NamesAsync("HorizontalPodAutoscaler.autoscaling"));

        Task<string?> ReplicasAsync() => environment.ValueAsync("Deployment.apps/one", "spec", "replicas");
    }

    private static JsonElement Json(ProgramRun run) => JsonDocument.Parse(run.Succeeded()).RootElement;

    private static async Task<IReadOnlyList<string>> EverythingAsync(PersonalEnvironment environment)
    {
        string[] kinds =
        [
            "Deployment.apps", "StatefulSet.apps", "ReplicaSet.apps", "Pod", "Service", "ServiceAccount", "ConfigMap",
            "NetworkPolicy.networking.k8s.io",
            "PodDisruptionBudget.policy", "HorizontalPodAutoscaler.autoscaling",
        ];
        await PersonalEnvironment.UntilAsync(async () =>
            (await environment.GetAsync("Pod")).All(p => p.TextAt("metadata", "deletionTimestamp") is null), "pods are gone");
        return
        [
            .. (await environment.GetAsync(kinds)).Select(o => (Kind: o.Text("kind"), Name: o.TextAt("metadata", "name")!))
                .Where(o => !PersonalEnvironment.IsOfEveryNamespace(o.Name)).Select(o => $"{o.Kind}/{o.Name}")
                .Order(StringComparer.Ordinal),
        ];
    }
}
