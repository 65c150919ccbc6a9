using System.Diagnostics;
using System.Globalization;
using MonoRepo.Tests;

namespace MonoRepo.AppHost.Benchmarks;

/// <summary>How long one run of an AppHost took.</summary>
/// <param name="Link">From the command to the dashboard's login link.</param>
/// <param name="Healthy">From the command until every resource is healthy.</param>
/// <param name="Cpu">Processor time of all processes until then.</param>
/// <param name="Stopped">From Ctrl+C to the end of the command.</param>
/// <param name="GraphGone">From Ctrl+C until only the orchestrator is left.</param>
/// <param name="NothingLeft">From Ctrl+C until no process is left.</param>
internal sealed record StartUp(
    TimeSpan Link, TimeSpan Healthy, TimeSpan Cpu, TimeSpan Stopped, TimeSpan GraphGone, TimeSpan NothingLeft)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(20);

    // USER_HZ: proc(5) counts in hundredths of a second on every architecture that .NET runs on.
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(10);

    /// <summary>Runs what was built before.</summary>
    public static async Task<StartUp> MeasureAsync(string folder, IEnumerable<string> arguments)
    {
        using var timeout = new CancellationTokenSource(s_limit);

        // A session of its own, so that the signal reaches the whole group, as a terminal's Ctrl+C does.
        var start = new ProcessStartInfo(
            "setsid", ["dotnet", "run", "--no-build", "--", "run", "--wait", "--timeout", "240", .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        };
        var family = new ProcessFamily();
        family.Adopt(start);
        try
        {
            var clock = Stopwatch.StartNew();
            using var process = Process.Start(start)!;
            TimeSpan? link = null, healthy = null;
            var said = new List<string>();
            while (healthy is null || link is null)
            {
                var line = await process.StandardOutput.ReadLineAsync(timeout.Token)
                    ?? throw new InvalidOperationException($"The run ended before all was healthy:\n{string.Join('\n', said)}");
                said.Add(line);
                link ??= line.Contains("Login to the dashboard", StringComparison.Ordinal) ? clock.Elapsed : null;
                healthy ??= line.StartsWith("RESOURCE", StringComparison.Ordinal) ? clock.Elapsed : null;
            }

            var cpu = family.Members().Aggregate(TimeSpan.Zero, (sum, p) => sum + CpuOf(p.Id));
            clock.Restart();
            using (var kill = Process.Start("kill", ["-INT", "--", $"-{process.Id}"]))
            {
                await kill.WaitForExitAsync(timeout.Token);
            }

            var stopped = process.StandardOutput.ReadToEndAsync(timeout.Token).ContinueWith(
                _ => clock.Elapsed, timeout.Token, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            TimeSpan? graphGone = null;
            while (family.Members() is { Count: > 0 } left)
            {
                graphGone ??= left.All(p => p.CommandLine.Contains("/dcp ", StringComparison.Ordinal)
                    || p.CommandLine.Contains("AppHost", StringComparison.Ordinal))
                    ? clock.Elapsed : null;
                await Task.Delay(s_interval, timeout.Token);
            }

            var nothingLeft = clock.Elapsed;
            return new(link.Value, healthy.Value, cpu, await stopped, graphGone ?? nothingLeft, nothingLeft);
        }
        finally
        {
            family.Kill();
        }
    }

    // pid (name) state ppid … utime stime cutime cstime …: those that have ended count for who waited for them.
    private static TimeSpan CpuOf(int process)
    {
        try
        {
            var fields = File.ReadAllText($"/proc/{process}/stat").Split(')')[^1].Split(
                ' ', StringSplitOptions.RemoveEmptyEntries);
            return fields[11..15].Sum(f => long.Parse(f, CultureInfo.InvariantCulture)) * s_tick;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return TimeSpan.Zero;
        }
    }
}
