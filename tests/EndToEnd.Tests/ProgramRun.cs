using System.Diagnostics;

namespace MonoRepo.Tests;

/// <summary>A program that ran to its end.</summary>
internal sealed record ProgramRun(int ExitCode, string Output, string Error)
{
    public static async Task<ProgramRun> OfAsync(ProcessStartInfo start, CancellationToken cancellationToken, Func<string, bool>? killAt = null)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = start.RedirectStandardInput = true;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = new System.Text.StringBuilder();
        try
        {
            while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            {
                output.Append(line).Append('\n');
                if (killAt?.Invoke(line) == true)
                {
                    process.Kill(entireProcessTree: true);
                }
            }

            await process.WaitForExitAsync(cancellationToken);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }

        return new(process.ExitCode, output.ToString(), await error);
    }

    /// <summary>Its output, if it ended well.</summary>
    public string Done()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{Output}{Error}");
        return Output;
    }
}
