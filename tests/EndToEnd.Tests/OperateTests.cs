using System.Text.Json;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Tests;

/// <summary>The verbs that look at an environment and make what it needs.</summary>
public sealed class OperateTests
{
    private const string Graph = "tests/DeployedAppHost";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SecretsAreNeededSetAndNeverShown()
    {
        await using var environment = await PersonalEnvironment.CreateAsync("AppHost");
        var missing = await environment.RunAsync("secrets");
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("missing  parameters/redis-password  read by ", missing.Output, StringComparison.Ordinal);

        var set = (await environment.RunAsync("secrets", "set", "--generate")).Succeeded();
        (await environment.RunAsync("secrets")).Succeeded();
        var password = await environment.ValueAsync("Secret/parameters", "data", "redis-password");
        Assert.DoesNotContain(
            System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(password!)), set, StringComparison.Ordinal);
        Assert.Equal(1, (await environment.RunAsync("secrets", "set", "redis-password", "--generate")).ExitCode);

        // Nothing runs yet that would have to be rolled.
        (await environment.RunAsync("secrets", "rotate", "redis-password", "--generate")).Succeeded();
        Assert.NotEqual(password, await environment.ValueAsync("Secret/parameters", "data", "redis-password"));
    }

    [Fact]
    public async Task StatusAndLogsSayWhatRuns()
    {
        await using var environment = await PersonalEnvironment.CreateAsync(Graph);
        (await environment.RunAsync("apply", "one")).Succeeded();

        var status = (await environment.RunAsync("status", "one")).Succeeded();
        Assert.Matches(@"deployment/one +1/1 +\S*one@[0-9a-f]{12} +\S+ +0 +ready", status);
        var json = JsonDocument.Parse((await environment.RunAsync("status", "one", "--output", "json")).Succeeded()).RootElement;
        Assert.Equal(environment.Namespace, json.GetProperty("namespace").GetString());
        Assert.Contains(
            "@sha256:", json.GetProperty("resources")[0].GetProperty("images")[0].GetString(), StringComparison.Ordinal);

        var logs = (await environment.RunAsync("logs", "one", "--no-follow")).Succeeded();
        Assert.All(logs.Split(
            '\n', StringSplitOptions.RemoveEmptyEntries), l => Assert.StartsWith("one-", l, StringComparison.Ordinal));
        Assert.Contains("Application started", logs, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APodThatCrashesIsShownWithItsLastWords()
    {
        await using var environment = await PersonalEnvironment.CreateAsync(Graph);
        using var project = new ChangingProject();
        project.Write("""System.Console.WriteLine("the disk of the sun is missing"); return 3;""");

        // With an endpoint it is ready when it answers; without one, when it hasn't crashed for seconds, which a busy machine
        // needs to get that far.
        string[] arguments = [.. project.Arguments, "--Test:Endpoint", "http"];

        var failed = await environment.RunAsync(["apply", .. arguments, "--timeout", "90"]);

        Assert.Equal(1, failed.ExitCode);
        Assert.Contains("the disk of the sun is missing", failed.Output + failed.Error, StringComparison.Ordinal);
        var status = (await environment.RunAsync(["status", .. arguments])).Succeeded();
        Assert.Contains("exited with 3", status, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"deployment/changing +\S+ +\S+ +\S+ +0 ", status);
    }

    [Fact]
    public async Task AFullQuotaIsToldAndWhatWasMadeIsStillOurs()
    {
        await using var environment = await PersonalEnvironment.CreateAsync(Graph);
        await environment.CreateAsync(
            "{apiVersion: v1, kind: ResourceQuota, metadata: {name: none}, spec: {hard: {pods: \"0\"}}}");

        var failed = await environment.RunAsync("apply", "one", "--timeout", "60");

        Assert.Equal(1, failed.ExitCode);
        Assert.Contains("exceeded quota: none", failed.Output + failed.Error, StringComparison.Ordinal);
        (await environment.RunAsync("delete", "--yes")).Succeeded();
        Assert.Empty(await environment.NamesAsync(
            "Deployment.apps", "Service", "ConfigMap", "NetworkPolicy.networking.k8s.io", "ServiceAccount"));
    }

    [Fact]
    public async Task WhoMayNothingIsToldSoInOneLine()
    {
        await using var environment = await PersonalEnvironment.CreateAsync(Graph);
        using var nobody = await environment.NobodyAsync();

        foreach (var verb in new[] { "apply", "status", "delete" })
        {
            var refused = await environment.RunAsync(nobody, verb);
            Assert.Equal(1, refused.ExitCode);
            var line = Assert.Single(refused.Error.Split(
                '\n', StringSplitOptions.RemoveEmptyEntries), l => !l.StartsWith("warning:", StringComparison.Ordinal));
            Assert.Contains("nobody", line, StringComparison.Ordinal);
        }

        Assert.Empty(await environment.NamesAsync("Deployment.apps", "ConfigMap"));
    }

    [Fact]
    public async Task WhoMayEditTheNamespaceAppliesWhatTheyMaySee()
    {
        await using var environment = await PersonalEnvironment.CreateAsync(Graph);
        using var nobody = await environment.NobodyAsync();
        await environment.CreateAsync(
            $"{{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {{name: edit}}, roleRef: {{apiGroup: " +
            $"rbac.authorization.k8s.io, kind: ClusterRole, name: edit}}, subjects: [{{kind: ServiceAccount, name: " +
                    $"{NobodyConfig.User}, namespace: {environment.Namespace}}}]}}");

        var applied = await environment.RunAsync(nobody, "apply", "one");

        Assert.Contains("deployment/one is ready after ", applied.Succeeded(), StringComparison.Ordinal);
        Assert.Equal("", applied.Error);
        Assert.Matches(@"deployment/one +1/1 ", (await environment.RunAsync(nobody, "status", "one")).Succeeded());
        Assert.Contains(" 0 created, 0 changed, 0 deleted, ", (await environment.RunAsync(nobody, "apply", "one"))
            .Succeeded(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AGroupThatSetupGaveTheRoleDeploys()
    {
        await using var environment = await PersonalEnvironment.CreateAsync(Graph);
        using var nobody = await environment.NobodyAsync();
        var definitions = Environment.GetEnvironmentVariable("MONOREPO_TEST_CRDS");
        Assert.SkipWhen(string.IsNullOrEmpty(definitions), "MONOREPO_TEST_CRDS names no folder.");

        // Every service account is in the group of those of its namespace.
        var setup =
            (await environment.RunAsync(
                "setup", "--skip-operators", "--crds", definitions!, "--group",
                $"system:serviceaccounts:{environment.Namespace}")).Succeeded();

        Assert.Contains("access: 2 made or changed, 0 unchanged", setup, StringComparison.Ordinal);
        (await environment.RunAsync(nobody, "apply", "one")).Succeeded();
        Assert.Contains("Hello", (await environment.RunAsync(nobody, "exec", "one", "--", "/bin/echo", "Hello"))
            .Succeeded(), StringComparison.Ordinal);
        (await environment.RunAsync(nobody, "delete", "--yes")).Succeeded();
    }

    [Fact]
    public async Task SetupOfDefinitionsWaitsUntilTheyAreEstablishedAndChangesNothingAgain()
    {
        await using var environment = await PersonalEnvironment.CreateAsync(Graph);
        var group = $"{environment.Namespace}.example.com";
        using var folder = new TemporaryFolder();
        folder.Write(
            "thing.yaml",
            $$"""
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata:
              name: things.{{group}}
            spec:
              group: {{group}}
              scope: Namespaced
              names: {kind: Thing, plural: things, singular: thing, listKind: ThingList}
              versions:
              - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object} } }
            """);
        try
        {
            var first = (await environment.RunAsync("setup", "--skip-operators", "--crds", folder.Path)).Succeeded();
            Assert.Equal(
                "True", new LiveObject(
                    (await environment.FindAsync($"CustomResourceDefinition.apiextensions.k8s.io/things.{group}"))!)
                        .Condition("Established")!.Text("status"));
            Assert.Contains("custom resource definitions: 1 made or changed, 0 unchanged", first, StringComparison.Ordinal);

            var second = (await environment.RunAsync("setup", "--skip-operators", "--crds", folder.Path)).Succeeded();
            Assert.Contains("custom resource definitions: 0 made or changed, 1 unchanged", second, StringComparison.Ordinal);
        }
        finally
        {
            await environment.Cluster.DeleteAsync(
                [new("apiextensions.k8s.io", "CustomResourceDefinition", $"things.{group}")], new(), Token);
        }
    }
}
