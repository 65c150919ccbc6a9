using System.ComponentModel;
using System.Diagnostics;

namespace MonoRepo.Deploy.Images;

/// <summary>The programs of this machine.</summary>
internal sealed class BuildTool : IBuildTool
{
    // What `dotnet run` leaves in the environment would tie a further dotnet to the SDK of the first one.
    private static readonly string[] s_sdkVariables =
    [
        "MSBuildSDKsPath", "MSBuildExtensionsPath", "MSBUILD_EXE_PATH", "MSBuildLoadMicrosoftTargetsReadOnly",
        "DOTNET_LAUNCH_PROFILE",
    ];

    public async Task<BuildToolResult?> RunAsync(BuildToolRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
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
