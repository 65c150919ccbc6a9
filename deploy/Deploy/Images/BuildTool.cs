using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;

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

/// <summary>The programs that build images: dotnet, docker, podman.</summary>
internal interface IBuildTool
{
    /// <summary>Runs a program to its end.</summary>
    /// <param name="cancellationToken">Ends the program and what it started.</param>
    /// <returns>The result of the process; null if the program isn't found.</returns>
    Task<BuildToolResult?> RunAsync(BuildToolRun run, CancellationToken cancellationToken);
}

/// <param name="Program">Name on the PATH, or path.</param>
internal sealed record BuildToolRun(string Program, IReadOnlyList<string> Arguments, string WorkingDirectory)
{
    /// <summary>Variables that it gets besides ours.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">0 is success.</param>
/// <param name="Lines">What it printed, on both of its outputs.</param>
internal sealed record BuildToolResult(int ExitCode, IReadOnlyList<string> Lines)
{
    /// <summary>What it printed on standard output.</summary>
    public IReadOnlyList<string> Output { get; init; } = Lines;
}

/// <summary>What went wrong in a build, in a line or a few.</summary>
internal static partial class BuildErrors
{
    private const int Shown = 3;

    /// <summary>Finds in the output of MSBuild, docker or podman what a person has to know.</summary>
    public static string Of(IReadOnlyList<string> lines)
    {
        if (lines.FirstOrDefault(l => l.Contains("No space left on device", StringComparison.OrdinalIgnoreCase)) is not null)
        {
            return $"The disk is full: {Path.GetTempPath()} and the projects' obj folders need room to build images. Free " +
                "some and try again.";
        }

        // /src/Server/Program.cs(3,1): error CS1002: ; expected [/src/Server/Server.csproj]
        var errors = lines.Select(l => ErrorLine().Match(l)).Where(m => m.Success)
            .Select(m => (Code: m.Groups["code"].Value, Text: ProjectSuffix().Replace(m.Value.Trim(), "")))
            .DistinctBy(e => e.Text).ToList();
        if (errors.Count == 0)
        {
            return $"An image could not be built: " +
                $"{string.Join(" | ", lines.Where(l => l.Trim().Length > 0).TakeLast(Shown).Select(l => l.Trim()))}";
        }

        var push = errors.FirstOrDefault(e => e.Code.StartsWith("CONTAINER", StringComparison.Ordinal));
        if (push.Text is not null)
        {
            return $"An image could not be pushed: {push.Text[(push.Text.IndexOf(push.Code, StringComparison.Ordinal))..]}";
        }

        var more = errors.Count > Shown ? $"\n  and {errors.Count - Shown} more" : "";
        return $"An image could not be built:\n  {string.Join("\n  ", errors.Take(Shown).Select(e => e.Text))}{more}";
    }

    [GeneratedRegex(@"^.*\berror (?<code>[A-Z]+\d+):.*$")]
    private static partial Regex ErrorLine();

    [GeneratedRegex(@"\s*\[[^\]]*proj[^\]]*\]$")]
    private static partial Regex ProjectSuffix();
}
