namespace MonoRepo.Tests;

/// <summary>The stock aspire command deploys to the cluster and takes away again what it deployed.</summary>
public sealed class AspireCommandTests
{
    private const string Graph = "tests/DeployedAppHost";

    [Fact]
    public async Task DeployAndDestroy()
    {
        var missing = await AspireCommand.RestoreAsync();
        Assert.SkipWhen(missing is not null, missing ?? "");
        await using var environment = await PersonalEnvironment.CreateAsync(Graph);
        await using var aspire = new AspireCommand();
        foreach (var (name, value) in PersonalEnvironment.Variables(environment.Context))
        {
            aspire.Variables[name] = value;
        }

        Task<ProgramRun> RunAsync(params string[] words) =>
            aspire.RunAsync([
                .. words, "--apphost", $"{Graph}/DeployedAppHost.csproj", "--environment", "personal", "--", "--as",
                environment.Namespace,
            ]);

        var steps = (await RunAsync("do", "deploy", "--list-steps")).Succeeded();
        Assert.Contains("images-k8s", steps, StringComparison.Ordinal);
        Assert.Contains("apply-k8s", steps, StringComparison.Ordinal);

        var deployed = (await RunAsync("deploy")).Succeeded();
        Assert.Contains("15 created, 0 changed, 0 deleted, 0 unchanged", deployed, StringComparison.Ordinal);
        Assert.Equal(["one", "two"], await environment.NamesAsync("Deployment.apps"));
        Assert.Contains(" 0 created, 0 changed, 0 deleted, ", (await RunAsync("deploy")).Succeeded(), StringComparison.Ordinal);
        (await RunAsync("do", "diff")).Succeeded();
        Assert.Contains("deployment/one", (await RunAsync("do", "status")).Succeeded(), StringComparison.Ordinal);

        (await RunAsync("destroy", "--yes")).Succeeded();
        Assert.Empty(await environment.NamesAsync("Deployment.apps", "Service", "ConfigMap"));
    }
}
