using System.Diagnostics;

namespace MonoRepo.Tests;

/// <summary>
/// The program that the deployer's image runs, with a repository on this machine: no pod is needed to see what it does to a
/// cluster.
/// </summary>
public sealed class DeployerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AHeadThatWorksIsAppliedAndOneThatDoesNotIsRolledBack()
    {
        await using var environment = await PersonalEnvironment.CreateAsync("tests/DeployedAppHost");
        using var folder = new TemporaryFolder();
        var repository = Path.Combine(folder.Path, "shop");
        await GitAsync(folder.Path, "init", "--quiet", "--initial-branch=main", repository);

        await CommitAsync(repository, environment.Namespace, setting: "one", replicas: 0);
        Assert.Contains("dev: 2 created, 0 changed, 0 deleted, 0 unchanged.", (await DeployAsync(
            environment, folder.Path, repository)).Succeeded(), StringComparison.Ordinal);

        var good = await CommitAsync(repository, environment.Namespace, setting: "two", replicas: 0);
        Assert.Contains("dev: 0 created, 1 changed, 0 deleted, 1 unchanged.", (await DeployAsync(
            environment, folder.Path, repository)).Succeeded(), StringComparison.Ordinal);

        // What somebody changed by hand is put right, though the branch has not moved.
        await environment.SetAsync(
            "kubectl-patch", "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {setting: by hand}}");
        var taken = (await DeployAsync(environment, folder.Path, repository)).Succeeded();
        Assert.Contains(
            "configmap/settings: .data.setting is by hand, set by 'kubectl-patch', and would become two; it is taken over",
            taken, StringComparison.Ordinal);
        Assert.Equal("two", await SettingAsync(environment));

        var bad = await CommitAsync(repository, environment.Namespace, setting: "three", replicas: 1);
        var failed = await DeployAsync(environment, folder.Path, repository);
        Assert.Equal(1, failed.ExitCode);
        Assert.Matches($"{bad[..12]} does not work: Deployment nothing does not work: .*no-such-image:1", failed.Output);
        Assert.Contains($"Back to {good[..12]}.", failed.Output, StringComparison.Ordinal);
        Assert.Equal("two", await SettingAsync(environment));
        Assert.Equal("0", await environment.ValueAsync("Deployment.apps/nothing", "spec", "replicas"));
        Assert.Equal(bad, await environment.ValueAsync("ConfigMap/deployer-state", "data", "failed"));

        Assert.Contains(
            "stays until the branch moves on", (await DeployAsync(environment, folder.Path, repository)).Output,
            StringComparison.Ordinal);
    }

    private static Task<string?> SettingAsync(PersonalEnvironment environment) =>
        environment.ValueAsync("ConfigMap/settings", "data", "setting");

    private static Task<string> CommitAsync(string repository, string @namespace, string setting, int replicas) =>
        CommitAsync(repository, @namespace, setting, $$"""
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: settings
              annotations: {monorepo/resource: nothing}
            data:
              setting: {{setting}}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: nothing
              labels: {app.kubernetes.io/name: nothing}
              annotations: {monorepo/resource: nothing}
            spec:
              replicas: {{replicas}}
              selector:
                matchLabels: {app.kubernetes.io/name: nothing}
              template:
                metadata:
                  labels: {app.kubernetes.io/name: nothing}
                spec:
                  securityContext: {runAsNonRoot: true, runAsUser: 65532, seccompProfile: {type: RuntimeDefault} }
                  containers:
                  - name: main
                    image: {{Environment.GetEnvironmentVariable("MONOREPO_TEST_REGISTRY")}}/no-such-image:1
                    resources: {requests: {cpu: 1m, memory: 1Mi}, limits: {cpu: 1m, memory: 16Mi} }
                    securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]} }
            """);

    /// <summary>Commits what publish would write for these objects.</summary>
    internal static async Task<string> CommitAsync(string repository, string @namespace, string message, string objects)
    {
        var k8s = Path.Combine(repository, "k8s");
        foreach (var (folder, text) in new[]
        {
            ("base", "resources: [objects.yaml]\n"),
            ("overlays/dev", $"namespace: {@namespace}\nresources: [../../base]\ncomponents: [settings]\n"),
            ("overlays/dev/settings", "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"),
        })
        {
            await File.WriteAllTextAsync(
                Path.Combine(Directory.CreateDirectory(Path.Combine(k8s, folder)).FullName, "kustomization.yaml"), text, Token);
        }

        await File.WriteAllTextAsync(Path.Combine(k8s, "base", "objects.yaml"), objects, Token);
        await GitAsync(repository, "add", "--all");
        await GitAsync(
            repository, "-c", "user.name=e2e", "-c", "user.email=e2e@example.com", "commit", "--quiet", "--message", message);
        return (await GitAsync(repository, "rev-parse", "HEAD")).Trim();
    }

    internal static async Task<string> GitAsync(string folder, params string[] arguments) =>
        (await ProgramRun.RunAsync(new("git", arguments) { WorkingDirectory = folder }, Token)).Succeeded();

    internal static async Task<ProgramRun> DeployAsync(
        PersonalEnvironment environment, string folder, string repository, Func<string, bool>? killAt = null,
        NobodyConfig? account = null)
    {
        var program = Repository.OutputOf("deploy/Deployer", "MonoRepo.Deployer.dll");
        var start = new ProcessStartInfo("dotnet", [program])
        {
            Environment =
            {
                ["DEPLOYER_Application"] = "shop",
                ["DEPLOYER_Environment"] = "dev",
                ["DEPLOYER_Context"] = account is null ? environment.Context : NobodyConfig.User,
                ["DEPLOYER_Namespace"] = environment.Namespace,
                ["DEPLOYER_Repository"] = repository,
                ["DEPLOYER_WorkFolder"] = Path.Combine(folder, "work"),
                ["DEPLOYER_SecretFolder"] = Path.Combine(folder, "none"),
            },
        };
        if (account is not null)
        {
            start.Environment["KUBECONFIG"] = account.Path;
        }

        return await ProgramRun.RunAsync(start, Token, killAt: killAt);
    }
}
