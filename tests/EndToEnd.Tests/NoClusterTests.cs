using System.Diagnostics;

namespace MonoRepo.Tests;

/// <summary>What deploying says where there is no cluster; needs none, so that this project always has a test that runs.</summary>
public sealed class NoClusterTests
{
    [Theory]
    [InlineData("apply")]
    [InlineData("status")]
    [InlineData("diff")]
    public async Task OneLineSaysThatNoContextIsChosen(string verb)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var program = Repository.PathOf("tests", "DeployedAppHost", "bin", configuration, "net10.0", "DeployedAppHost.dll");
        var start = new ProcessStartInfo("dotnet", [program, verb, "--as", "nobody"]) { Environment = { ["KUBECONFIG"] = "/nowhere/config" } };

        var run = await ProgramRun.OfAsync(start, TestContext.Current.CancellationToken);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("", run.Output);
        var line = Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("kubectl", line, StringComparison.Ordinal);
    }
}
