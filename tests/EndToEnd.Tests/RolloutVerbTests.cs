using System.Diagnostics;
using System.Text.RegularExpressions;
using MonoRepo.Deploy.Cluster;

namespace MonoRepo.Tests;

/// <summary>The verbs for what runs: restart, rollback, exec, events, port-forward.</summary>
public sealed partial class RolloutVerbTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RestartReplacesPodsAndTheNextApplyLeavesThemAlone()
    {
        await using var environment = await PersonalEnvironment.CreateAsync("tests/DeployedAppHost");
        (await environment.RunAsync("apply", "one")).Succeeded();
        var before = await PodsAsync(environment);

        var run = (await environment.RunAsync("restart", "one")).Succeeded();

        Assert.StartsWith("deployment.apps/one restarts\n", run, StringComparison.Ordinal);
        Assert.Contains("deployment/one is ready after ", run, StringComparison.Ordinal);
        var after = await PodsAsync(environment);
        Assert.Empty(before.Intersect(after));
        Assert.Contains(" 0 created, 0 changed, 0 deleted, ", (await environment.RunAsync("apply", "one"))
            .Succeeded(), StringComparison.Ordinal);
        (await environment.RunAsync("diff", "one")).Succeeded();
        Assert.Equal(after, await PodsAsync(environment));
    }

    [Fact]
    public async Task RollbackBringsBackTheManifestsThatWorked()
    {
        await using var environment = await PersonalEnvironment.CreateAsync("tests/DeployedAppHost");
        (await environment.RunAsync("apply", "--Test:Setting:one", "good")).Succeeded();
        var good = await SettingAsync();

        var bad = await environment.RunAsync(
            "apply", "--timeout", "20s", "--Test:Setting:one", "bad", "--Test:Image", "localhost:1/nothing");
        Assert.Equal(1, bad.ExitCode);
        Assert.NotEqual(good, await SettingAsync());
        var back = (await environment.RunAsync("rollback")).Succeeded();

        Assert.StartsWith("Back to revision 1 (", back, StringComparison.Ordinal);
        Assert.Equal(good, await SettingAsync());
        var refused = await environment.RunAsync("rollback");
        Assert.Equal(1, refused.ExitCode);
        Assert.StartsWith("There is nothing to go back to: revision 1 (", refused.Error, StringComparison.Ordinal);

        async Task<string> SettingAsync() =>
            JsonNodes.Write((await environment.FindAsync("Deployment.apps/one"))!.MapAt("spec", "template")!);
    }

    [Fact]
    public async Task ExecAndEventsSayWhatIsInAndAboutAPod()
    {
        await using var environment = await PersonalEnvironment.CreateAsync("tests/DeployedAppHost");
        (await environment.RunAsync("apply", "one")).Succeeded();

        Assert.Equal(
            "--a b:c --d\n", (await environment.RunAsync("exec", "one", "--", "/bin/echo", "--a", "b:c", "--d")).Succeeded());
        var failed = await environment.RunAsync("exec", "one", "--", "/bin/sh", "-c", "echo wrong >&2; exit 3");
        Assert.Equal((3, "", "wrong\n"), (failed.ExitCode, failed.Output, failed.Error));
        var missing = await environment.RunAsync("exec", "one", "--", "/no/such/program");
        Assert.NotEqual(0, missing.ExitCode);
        Assert.Contains(
            "/no/such/program", Assert.Single(missing.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal);

        var events = (await environment.RunAsync("events", "one")).Succeeded();
        Assert.Matches(@"Normal +Scheduled +pod/one-\S+: Successfully assigned ", events);
        Assert.DoesNotContain("No events", events, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PortForwardComesBackAfterThePodWasReplaced()
    {
        await using var environment = await PersonalEnvironment.CreateAsync("tests/DeployedAppHost");
        (await environment.RunAsync("apply", "one")).Succeeded();
        using var forward = Process.Start(environment.Start("port-forward", "one"))!;
        try
        {
            string? address = null;
            while (address is null && await forward.StandardOutput.ReadLineAsync(Token) is { } line)
            {
                address = Management().Match(line) is { Success: true } match ? match.Groups[1].Value : null;
            }

            using var http = new HttpClient();
            Assert.True((await http.GetAsync($"http://{address}/health", Token)).IsSuccessStatusCode);

            await environment.Cluster.DeleteAsync(
                [.. (await PodsAsync(environment)).Select(p => new ObjectKey("", "Pod", p))], new(), Token);

            using var fresh = new HttpClient();
            Assert.True((await fresh.GetAsync($"http://{address}/health", Token)).IsSuccessStatusCode);
        }
        finally
        {
            forward.Kill(entireProcessTree: true);
        }
    }

    // Those that end are gone in a moment.
    private static async Task<IReadOnlyList<string>> PodsAsync(PersonalEnvironment environment) =>
        [.. (await environment.GetAsync("Pod")).Select(p => new LiveObject(p)).Where(p => !p.IsDeleting).Select(p => p.Name)
        .Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"^one +management +(?:http://)?(127\.0\.0\.1:\d+)$")]
    private static partial Regex Management();
}
