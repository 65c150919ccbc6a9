using System.Diagnostics;
using MonoRepo.Tests;

namespace MonoRepo.AppHost.Benchmarks;

/// <summary>How long one run of the AppHost took.</summary>
/// <param name="FirstLine">From the command to its first line.</param>
/// <param name="Link">From the command to the dashboard's login link, which is printed when the dashboard answers.</param>
/// <param name="Healthy">From the command until every resource is healthy.</param>
/// <param name="Stopped">From Ctrl-C to the end of the command.</param>
/// <param name="Resources">How many resources were healthy.</param>
/// <param name="Hints">Lines that said what monitoring misses.</param>
internal sealed record StartUp(TimeSpan FirstLine, TimeSpan Link, TimeSpan Healthy, TimeSpan Stopped, int Resources, int Hints)
{
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(3);

    /// <summary>Runs what was built before.</summary>
    /// <param name="path">The PATH; null: this process's.</param>
    public static async Task<StartUp> MeasureAsync(string? path = null)
    {
        using var timeout = new CancellationTokenSource(_limit);

        // A session of its own, so that the signal reaches the whole group, as a terminal's Ctrl-C does.
        var start = new ProcessStartInfo("setsid", ["dotnet", "run", "--project", "AppHost", "--no-build", "--", "run", "--wait"])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            Environment = { ["DcpPublisher__RandomizePorts"] = "true" },
        };
        if (path is not null)
        {
            start.Environment["PATH"] = path;
        }

        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        TimeSpan? first = null, link = null, healthy = null;
        var said = new List<string>();
        while (healthy is null)
        {
            var line = await process.StandardOutput.ReadLineAsync(timeout.Token)
                ?? throw new InvalidOperationException($"The run ended before all was healthy:\n{string.Join('\n', said)}");
            said.Add(line);
            first ??= clock.Elapsed;
            link ??= line.Contains("Login to the dashboard", StringComparison.Ordinal) ? clock.Elapsed : null;
            healthy ??= line.StartsWith("RESOURCE", StringComparison.Ordinal) ? clock.Elapsed : null;
        }

        clock.Restart();
        using (var kill = Process.Start("kill", ["-INT", "--", $"-{process.Id}"]))
        {
            await kill.WaitForExitAsync(timeout.Token);
        }

        var rest = await process.StandardOutput.ReadToEndAsync(timeout.Token);
        await process.WaitForExitAsync(timeout.Token);
        return new StartUp(
            first!.Value, link ?? throw new InvalidOperationException("No link was printed."), healthy.Value, clock.Elapsed,
            rest.Split('\n').Count(l => l.Contains("Healthy", StringComparison.Ordinal)),
            said.Concat(rest.Split('\n')).Count(l => l.Contains("Without monitoring", StringComparison.Ordinal)));
    }
}
