using System.Diagnostics;
using System.Text;
using Xunit;

namespace MonoRepo.Tests;

/// <summary>A program that ran to its end.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Error">What it wrote to standard error.</param>
public sealed record ProgramRun(int ExitCode, string Output, string Error)
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Runs it to its end; after ten minutes, or when the test is cancelled, it is killed with all that it started.
    /// </summary>
    /// <param name="start">Program, arguments and environment.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <param name="input">Its standard input.</param>
    /// <param name="killAt">Kills it at the first line of output that this is true for.</param>
    /// <exception cref="TimeoutException">It has not ended after ten minutes.</exception>
    public static async Task<ProgramRun> RunAsync(
        ProcessStartInfo start, CancellationToken cancellationToken, string? input = null, Func<string, bool>? killAt = null)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = start.RedirectStandardInput = true;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(s_timeout);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(deadline.Token);
        var writing = WriteAsync(process, input);
        var output = new StringBuilder();
        try
        {
            while (await process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
            {
                output.Append(line).Append('\n');
                if (killAt?.Invoke(line) == true)
                {
                    process.Kill(entireProcessTree: true);
                }
            }

            await writing;
            await process.WaitForExitAsync(deadline.Token);
            return new(process.ExitCode, output.ToString(), await error);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"{start.FileName} {string.Join(' ', start.ArgumentList)} has not ended after {s_timeout.TotalMinutes} " +
                $"minutes. It printed:\n{output}");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Its output. Fails the test if its exit code is not 0.</summary>
    public string Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{Output}{Error}");
        return Output;
    }

    private static async Task WriteAsync(Process process, string? input)
    {
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading all.
        }
    }
}
