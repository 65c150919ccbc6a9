using System.Diagnostics;

namespace MonoRepo.Tests;

/// <summary>
/// What deploying says where there is no cluster; needs none, so that this project always has a test that runs.
/// </summary>
public sealed class NoClusterTests
{
    private static readonly string s_nowhere = Path.Combine(Path.GetTempPath(), "no", "such", "config");

    [Theory]
    [InlineData("apply")]
    [InlineData("status")]
    [InlineData("diff")]
    [InlineData("setup")]
    [InlineData("delete")]
    public async Task OneLineSaysHowToGetACluster(string verb)
    {
        var line = await RefusedAsync(verb, ("KUBECONFIG", s_nowhere));

        Assert.Equal(
            $"There is no kubeconfig ({s_nowhere}). docs/k3d.md makes a cluster on this machine; for another one, get its " +
            "kubeconfig and set KUBECONFIG.", line);
    }

    [Theory]
    [InlineData("apply")]
    [InlineData("status")]
    [InlineData("logs")]
    [InlineData("delete")]
    public async Task OneLineSaysThatTheClusterDoesNotAnswer(string verb)
    {
        // Nothing listens on port 1.
        using var folder = new TemporaryFolder();
        var kubeconfig = folder.Write(
            "config",
            """
            apiVersion: v1
            kind: Config
            current-context: gone
            clusters: [{name: gone, cluster: {server: "https://127.0.0.1:1"}}]
            contexts: [{name: gone, context: {cluster: gone, user: somebody}}]
            users: [{name: somebody, user: {token: none}}]
            """);

        var line = await RefusedAsync(
            verb, ("KUBECONFIG", kubeconfig), ("Environments__personal__Context", "gone"),
            ("Environments__personal__Registry", "localhost:1"));

        Assert.Contains("127.0.0.1:1", line, StringComparison.Ordinal);
    }

    private static async Task<string> RefusedAsync(string verb, params (string Name, string Value)[] variables)
    {
        var program = Repository.OutputOf("tests/DeployedAppHost", "DeployedAppHost.dll");
        var start = new ProcessStartInfo("dotnet", [program, verb, "--as", "nobody"]);
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        var run = await ProgramRun.RunAsync(start, TestContext.Current.CancellationToken);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("", run.Output);
        return Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
