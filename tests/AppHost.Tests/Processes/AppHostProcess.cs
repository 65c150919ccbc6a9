using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Playwright;

namespace MonoRepo.Tests;

/// <summary>
/// The AppHost as a process with an empty home folder, in which all is healthy and whose dashboard has been open.
/// </summary>
public sealed class AppHostProcess : IAsyncLifetime
{
    private static readonly TimeSpan s_cleanupTimeout = TimeSpan.FromSeconds(45);

    internal const string Login = "Login to the dashboard at ";

    private readonly ProcessFamily _family = new();
    private readonly ConcurrentQueue<string> _output = new();
    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("monorepo-temp-");

    private Process? _process;

    /// <summary>The aspire command with the same home folder.</summary>
    internal AspireCommand Aspire { get; } = new();

    /// <summary>What ran: program, and what it listened on.</summary>
    internal IReadOnlyList<(string Program, string Listener, bool IsLoopback)> Listeners { get; private set; } = [];

    /// <summary>What was in the home folder when all was healthy.</summary>
    internal IReadOnlyList<string> HomeFiles { get; private set; } = [];

    /// <summary>What it had written when the dashboard had been open.</summary>
    internal IReadOnlyList<string> Lines { get; private set; } = [];

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        _process = Start();
        await WaitForOutputAsync("routeguide-client", "Healthy");
        Listeners = [..
            from process in _family.Members()
            from listener in process.Listeners()
            select (process.CommandLine, listener.ToString(), System.Net.IPAddress.IsLoopback(listener.Address))];
        HomeFiles =
        [
            .. Directory.EnumerateFiles(Aspire.Home, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Aspire.Home, file)),
        ];

        await OpenDashboardAsync();
        Lines = [.. _output];
    }

    /// <summary>Kills it.</summary>
    /// <returns>The processes that are left when the time for cleaning up is over.</returns>
    internal Task<IReadOnlyList<RunningProcess>> KillAsync()
    {
        _process!.Kill();
        return _family.WaitUntilGoneAsync(s_cleanupTimeout, TestContext.Current.CancellationToken);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _family.Kill();
        _process?.Dispose();
        await Aspire.DisposeAsync();
        _temporary.Delete(recursive: true);
    }

    /// <summary>Opens the link that was printed, as most people do.</summary>
    private async Task OpenDashboardAsync()
    {
        if (!DashboardSession.IsInstalled)
        {
            return;
        }

        var link = _output.First(line => line.StartsWith(Login, StringComparison.Ordinal))[Login.Length..];
        var (playwright, browser) = await DashboardSession.LaunchAsync();
        using (playwright)
        {
            var page = await browser.NewPageAsync();
            await page.GotoAsync(link);
            await Assertions.Expect(page.GetByRole(AriaRole.Tab, new() { Name = "Graph" })).ToBeVisibleAsync();
            await Assertions.Expect(page.GetByText("todo-server").First).ToBeVisibleAsync();
            await browser.CloseAsync();
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(
            "dotnet", [Repository.OutputOf("AppHost", "AppHost.dll"), "run", "--wait", "--monitoring", "off"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.PathOf("AppHost"),
        };
        start.Environment["HOME"] = Aspire.Home;
        start.Environment["NUGET_PACKAGES"] = Repository.PackagesFolder; // Garnet is there.
        start.Environment["TMPDIR"] = _temporary.FullName;
        _family.Adopt(start);
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Waits for a line that begins with a resource's name and has a text.</summary>
    private Task<TimeSpan> WaitForOutputAsync(string resource, string text) => Eventually.HoldsAsync(
        () => _output.Any(
            line => line.StartsWith(resource, StringComparison.Ordinal) && line.Contains(text, StringComparison.Ordinal)),
        () => $"{resource} is not healthy. The AppHost printed:\n{string.Join('\n', _output)}",
        timeout: RunningStack.StartTimeout);
}
