using System.Diagnostics;

namespace MonoRepo.Tests;

/// <summary>Runs a program as a user would, and fails the test with what it printed.</summary>
internal static class CommandLine
{
    public static async Task<string> OkAsync(string directory, string program, params string[] arguments)
    {
        var (exit, output) = await RunAsync(directory, program, arguments);
        Assert.True(exit == 0, $"{program} {string.Join(' ', arguments)} ended with {exit}:\n{output}");
        return output;
    }

    public static async Task<(int Exit, string Output)> RunAsync(string directory, string program, params string[] arguments)
    {
        var run = await ProgramRun.RunAsync(Start(directory, program, arguments), TestContext.Current.CancellationToken);
        return (run.ExitCode, run.Output + run.Error);
    }

    /// <summary>How programs are started in the copy.</summary>
    public static ProcessStartInfo Start(string directory, string program, string[] arguments) =>
        new(program, arguments)
        {
            WorkingDirectory = directory,
            Environment =
            {
                // Ports of its own beside whatever else runs here.
                ["DcpPublisher__RandomizePorts"] = "true",

                // Nearly all of what is compiled is this checkout's own, which its own build has analyzed.
                ["RunAnalyzers"] = "false",
            },
        };
}
