using System.Diagnostics;
using Xunit;

namespace MonoRepo.Tests;

/// <summary>kubectl and the schema check, or the reason why a test cannot ask them.</summary>
public static class Tools
{
    public static async Task<string> KustomizeAsync(string folder)
    {
        var (exitCode, output, error) = await RunAsync("kubectl", ["kustomize", folder], null);
        Assert.True(exitCode == 0, error);
        return output;
    }

    /// <summary>Checks manifests against the API's schemas where the check is beside the repository.</summary>
    public static async Task ValidateAsync(string manifests)
    {
        var shared = Environment.GetEnvironmentVariable("MONOREPO_SHARED") ?? Path.Combine(Repository.Root, "..", "shared");
        var validate = Path.Combine(shared, "kubernetes", "validate");
        if (!File.Exists(validate))
        {
            TestContext.Current.SendDiagnosticMessage("No schema check beside the repository (set MONOREPO_SHARED): manifests were not validated.");
            return;
        }

        var (exitCode, output, error) = await RunAsync(validate, [], manifests);
        Assert.True(exitCode == 0, output + error);
    }

    public static bool Exists(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(p => File.Exists(Path.Combine(p, tool)));

    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(string tool, string[] arguments, string? input)
    {
        Assert.SkipUnless(Path.IsPathRooted(tool) || Exists(tool), $"{tool} is not installed.");
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
