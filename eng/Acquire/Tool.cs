using System.ComponentModel;
using System.Diagnostics;

namespace MonoRepo.Acquire;

/// <summary>What a command line tool answered: exit code, and standard output and error together.</summary>
public sealed record ToolResult(int ExitCode, string Output);

/// <summary>Runs command line tools; none of them ever gets a terminal to animate on.</summary>
public static class Tool
{
    /// <summary>Runs to the end, or kills the tool and its children on cancellation.</summary>
    /// <exception cref="Win32Exception">The tool does not exist or cannot be started.</exception>
    public static async Task<ToolResult> RunAsync(
        string file, string[] arguments, string directory, Dictionary<string, string> environment, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var error = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return new(process.ExitCode, await output + await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Whether a tool's words say that the disk is full.</summary>
    public static bool IsDiskFull(string output) =>
        output.Contains("ENOSPC", StringComparison.Ordinal) || output.Contains("No space left", StringComparison.OrdinalIgnoreCase);

    /// <summary>The last line with words in it.</summary>
    public static string LastLine(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "nothing";
}
