using System.ComponentModel;
using System.Diagnostics;

namespace MonoRepo.Deploy.Processes;

/// <summary>The programs of this machine.</summary>
internal sealed class ProcessRunner : IProcessRunner
{
    // What `dotnet run` leaves in the environment would tie a further dotnet to the SDK of the first one.
    private static readonly string[] s_sdkVariables =
    [
        "MSBuildSDKsPath", "MSBuildExtensionsPath", "MSBUILD_EXE_PATH", "MSBuildLoadMicrosoftTargetsReadOnly",
        "DOTNET_LAUNCH_PROFILE",
    ];

    public async Task<ProcessResult?> RunAsync(ProcessRun run, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(run.Program, run.Arguments)
        {
            WorkingDirectory = run.WorkingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        s_sdkVariables.ToList().ForEach(v => start.Environment.Remove(v));
        foreach (var (name, value) in run.Environment)
        {
            start.Environment[name] = value;
        }

        using var process = new Process { StartInfo = start };
        var lines = new List<(bool IsError, string Text)>();
        void Take(bool isError, string? text)
        {
            lock (lines)
            {
                lines.Add((isError, text ?? ""));
            }
        }

        process.OutputDataReceived += (_, line) => Take(isError: false, line.Data);
        process.ErrorDataReceived += (_, line) => Take(isError: true, line.Data);
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            return null;
        }

        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        lock (lines)
        {
            return new(process.ExitCode, [.. lines.Select(l => l.Text)])
            {
                Output = [.. lines.Where(l => !l.IsError).Select(l => l.Text)],
            };
        }
    }
}

/// <summary>Runs programs: git, dotnet, docker, podman.</summary>
internal interface IProcessRunner
{
    /// <summary>Runs a program to its end.</summary>
    /// <param name="cancellationToken">Ends the program and what it started.</param>
    /// <returns>The result of the process; null if the program isn't found.</returns>
    Task<ProcessResult?> RunAsync(ProcessRun run, CancellationToken cancellationToken);
}

/// <param name="Program">Name on the PATH, or path.</param>
internal sealed record ProcessRun(string Program, IReadOnlyList<string> Arguments, string WorkingDirectory)
{
    /// <summary>Variables that it gets besides ours.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">0 is success.</param>
/// <param name="Lines">What it printed, on both of its outputs.</param>
internal sealed record ProcessResult(int ExitCode, IReadOnlyList<string> Lines)
{
    /// <summary>What it printed on standard output.</summary>
    public IReadOnlyList<string> Output { get; init; } = Lines;
}
