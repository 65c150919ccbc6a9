using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace MonoRepo.Hosting;

/// <summary>The programs that a run starts.</summary>
internal static class ToolChecks
{
    private const int SdkMajor = 10;
    private const string RestoreAgain = "Build the AppHost: its build restores it.";
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(15);

    public static async Task<DoctorFinding> SdkAsync(CancellationToken cancellationToken)
    {
        var version = await AskAsync("dotnet", ["--version"], cancellationToken);
        return int.TryParse(version?.Split('.')[0], out var major) && major >= SdkMajor
            ? new(".NET SDK", DoctorVerdict.Ok, version!.Trim())
            : new(".NET SDK", DoctorVerdict.Failed, version?.Trim()
            ?? "not found", $"Install the .NET SDK {SdkMajor} and put dotnet on the PATH.");
    }

    /// <summary>Runs DCP, which also knows whether containers can be run.</summary>
    public static async Task<IReadOnlyList<DoctorFinding>> DcpAsync(
        string? path, bool hasContainers, CancellationToken cancellationToken)
    {
        const string check = "DCP";
        if (path is null || await AskAsync(path, ["info"], cancellationToken) is not { } answer)
        {
            return [new(check, DoctorVerdict.Failed, path is null ? "not configured" : $"does not run at {path}", RestoreAgain)];
        }

        // {"version":"0.25.3", … "containers":{"runtime":"docker","installed":false,"running":false, …}}
        using var info = JsonDocument.Parse(answer);
        var containers = info.RootElement.GetProperty("containers");
        return [new(check, DoctorVerdict.Ok, info.RootElement.GetProperty("version").GetString() ?? "runs"), Containers(
            containers, hasContainers)];
    }

    public static DoctorFinding Dashboard(string? path) => File.Exists(path)
        ? new("dashboard", DoctorVerdict.Ok, path)
        : new("dashboard", DoctorVerdict.Failed, path is null ? "not configured" : $"not at {path}", RestoreAgain);

    /// <summary>A program that only some uses need.</summary>
    public static async Task<DoctorFinding> OptionalAsync(OptionalTool tool, CancellationToken cancellationToken) =>
        await AskAsync(tool.Name, tool.VersionArguments, cancellationToken) is { } version
            ? new(tool.Name, DoctorVerdict.Ok, version.Split('\n')[0].Trim())
            : new(tool.Name, DoctorVerdict.Optional, "not found", $"Only {tool.NeededBy} need it; install it for them.");

    private static DoctorFinding Containers(JsonElement runtime, bool hasContainers)
    {
        const string check = "container runtime";
        var missing = hasContainers ? DoctorVerdict.Failed : DoctorVerdict.Optional;
        var name = runtime.TryGetProperty("runtime", out var value) ? value.GetString() : null;
        return (Is("installed"), Is("running")) switch
        {
            (_, true) => new(check, DoctorVerdict.Ok, $"{name} runs"),
            (true, _) => new(
                check, missing, $"{name} is installed but does not answer", $"Start {name}; only container resources need it."),
            _ => new(check, missing, "neither Docker nor Podman found",
                "Install Docker or Podman; only container resources need it."),
        };

        bool Is(string property) => runtime.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.True;
    }

    /// <summary>What it prints; null: it is not there, or fails.</summary>
    private static async Task<string?> AskAsync(
        string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(s_timeout);
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
            var errors = process.StandardError.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            await errors;
            return process.ExitCode == 0 ? await output : null;
        }
        catch (Exception e) when (e is Win32Exception or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
