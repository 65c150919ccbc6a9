using System.Diagnostics;
using System.Text.Json.Nodes;
using Xunit;

namespace MonoRepo.Tests;

/// <summary>The stock <c>aspire</c> command, as .config/dotnet-tools.json names it, with a home folder of its own.</summary>
public sealed class AspireCommand : IAsyncDisposable
{
    // Under it: sockets, whose paths can't be long.
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("aspire-");
    private readonly ProcessFamily _family = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Its home folder, where it finds the AppHosts that run with the same one.</summary>
    public string Home => _home.FullName;

    /// <summary>Environment variables of the command, and so of the AppHost.</summary>
    public Dictionary<string, string?> Variables { get; } = [];

    /// <summary>Restores the tool.</summary>
    /// <returns>Why it can't be; null when it is there.</returns>
    public static async Task<string?> RestoreAsync()
    {
        var run = await ProgramRun.RunAsync(new("dotnet", ["tool", "restore"]) { WorkingDirectory = Repository.Root }, Token);
        return run.ExitCode == 0 ? null : $"'dotnet tool restore' failed: {run.Error.Trim().Split('\n')[0]}";
    }

    /// <summary>Runs a command to its end.</summary>
    public Task<ProgramRun> RunAsync(params string[] arguments) => ProgramRun.RunAsync(Create(arguments), Token);

    /// <summary>Runs a command to its end.</summary>
    /// <param name="onOutput">Sees each line of its output.</param>
    /// <param name="arguments">Its arguments.</param>
    public Task<ProgramRun> RunAsync(Action<string> onOutput, params string[] arguments) =>
        ProgramRun.RunAsync(Create(arguments), Token, killAt: line =>
    {
        onOutput(line);
        return false;
    });

    /// <summary>Runs a command until it prints a text.</summary>
    public async Task<string> RunUntilAsync(string text, params string[] arguments)
    {
        var run = await ProgramRun.RunAsync(
            Create(arguments), Token, killAt: line => line.Contains(text, StringComparison.Ordinal));
        return run.Output;
    }

    /// <summary>Runs a command that succeeds and prints JSON.</summary>
    public async Task<JsonNode> GetJsonAsync(string command, params string[] arguments) =>
        JsonNode.Parse((await RunAsync([command, .. arguments, "--format", "json"])).Succeeded())!;

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _family.Kill();
        _home.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private ProcessStartInfo Create(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["tool", "run", "aspire", "--", "--non-interactive", "--nologo", .. arguments])
        {
            WorkingDirectory = Repository.Root,
        };
        start.Environment["HOME"] = Home;
        start.Environment["NO_COLOR"] = "1";
        start.Environment["Monitoring__Local"] = "off";
        start.Environment["ASPIRE_CLI_TELEMETRY_OPTOUT"] = "true";

        // What was restored stays where it is.
        start.Environment["NUGET_PACKAGES"] = Repository.PackagesFolder;
        start.Environment["DOTNET_CLI_HOME"] =
            Environment.GetEnvironmentVariable("DOTNET_CLI_HOME")
            ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        foreach (var (name, value) in Variables)
        {
            start.Environment[name] = value;
        }

        _family.Adopt(start);
        return start;
    }
}
