using System.Diagnostics;

namespace MonoRepo.Tests;

/// <summary>Runs a program as a person would, and fails the test with what it printed.</summary>
internal static class CommandLine
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    public static async Task<string> OkAsync(string directory, string program, params string[] arguments)
    {
        var (exit, output) = await RunAsync(directory, program, arguments);
        Assert.True(exit == 0, $"{program} {string.Join(' ', arguments)} ended with {exit}:\n{output}");
        return output;
    }

    public static async Task<(int Exit, string Output)> RunAsync(string directory, string program, params string[] arguments)
    {
        using var process = new Process
        {
            StartInfo = new(program, arguments)
            {
                WorkingDirectory = directory,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,

                Environment =
                {
                    // Ports of its own beside whatever else runs here.
                    ["DcpPublisher__RandomizePorts"] = "true",

                    // Nearly all of what is compiled is this checkout's own, which its own build has analyzed.
                    ["RunAnalyzers"] = "false",
                },
            },
        };
        process.Start();
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, await output + await error);
    }
}
