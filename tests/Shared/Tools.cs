using MonoRepo.Hosting.RedisCluster.Local;
using Xunit;

namespace MonoRepo.Tests;

/// <summary>Programs that tests run, or the reason why a test cannot run them; and ports for them.</summary>
public static class Tools
{
    /// <summary>What <c>kubectl kustomize</c> makes of a folder.</summary>
    public static async Task<string> KustomizeAsync(string folder)
    {
        var run = await RunAsync("kubectl", ["kustomize", folder]);
        return run.Succeeded();
    }

    /// <summary>Checks manifests against the API's schemas where the check is beside the repository.</summary>
    public static async Task ValidateAsync(string manifests)
    {
        var shared = Environment.GetEnvironmentVariable("MONOREPO_SHARED") ?? Path.Combine(Repository.Root, "..", "shared");
        var validate = Path.Combine(shared, "kubernetes", "validate");
        if (!File.Exists(validate))
        {
            TestContext.Current.SendDiagnosticMessage(
                "No schema check beside the repository (set MONOREPO_SHARED): manifests were not validated.");
            return;
        }

        var run = await RunAsync(validate, [], manifests);
        run.Succeeded();
    }

    /// <summary>Whether a program is on the PATH.</summary>
    public static bool Exists(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(p => File.Exists(Path.Combine(p, tool)));

    /// <summary>A port of loopback that nobody listens on, and that this process gives to nobody else.</summary>
    public static int FreePort() => FreePorts.Next();

    /// <summary>Runs a tool; the test is skipped where it isn't installed.</summary>
    public static Task<ProgramRun> RunAsync(string tool, string[] arguments, string? input = null)
    {
        Assert.SkipUnless(Path.IsPathRooted(tool) || Exists(tool), $"{tool} is not installed.");
        return ProgramRun.RunAsync(new(tool, arguments), TestContext.Current.CancellationToken, input);
    }
}
