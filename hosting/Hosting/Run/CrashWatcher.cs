using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace MonoRepo.Hosting;

/// <summary>
/// Says on the console what has ended by itself, with its exit code and last lines, and starts it again where its restart policy
/// says so.
/// </summary>
internal sealed partial class CrashWatcher(
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    ResourceCommandService commands,
    TimeProvider clock,
    ILogger<CrashWatcher> logger) : IRunTask
{
    // DCP's for an end by a signal.
    private const int KilledExitCode = -1;

    private readonly Dictionary<string, string?> _states = [];
    private readonly Dictionary<string, (int Count, long At)> _restarts = [];
    private Task<ReadinessReport>? _report;

    /// <summary>Leaves resources whose end ends a wait for all of them to the report of that wait, which tells of them.</summary>
    public void LeaveTo(Task<ReadinessReport> report) => _report = report;

    public async Task ExecuteAsync(CancellationToken stopping)
    {
        await foreach (var change in notifications.WatchAsync(stopping))
        {
            var before = _states.GetValueOrDefault(change.ResourceId);
            var state = _states[change.ResourceId] = change.Snapshot.State?.Text;
            if (state == before || !ResourceStates.IsEnded(change) || change.Snapshot.IsHidden
                || before == KnownResourceStates.Stopping || change.Snapshot.ExitCode == 0)
            {
                continue;
            }

            _ = TellAsync(change, stopping);
            if (change.Resource.Annotations.OfType<RestartPolicyAnnotation>().LastOrDefault() is { } policy)
            {
                Restart(change, policy, stopping);
            }
        }
    }

    private async Task TellAsync(ResourceEvent change, CancellationToken stopping)
    {
        if (_report is not null && Readiness.ProgressOf(change) == Progress.Failed && Readiness.IsExpected(change.Resource)
            && await IsReportedAsync(_report, change.ResourceId, stopping))
        {
            return;
        }

        var lines = await LogTail.ReadAsync(loggers, change.ResourceId);
        if (stopping.IsCancellationRequested)
        {
            return;
        }

        var name = ResourceStates.NameOf(change);
        if (change.Snapshot.State?.Text == KnownResourceStates.FailedToStart)
        {
            StartFailed(name, lines);
        }
        else if (change.Snapshot.ExitCode is { } exitCode and not KilledExitCode)
        {
            Crashed(name, exitCode, lines);
        }
        else
        {
            Ended(name, lines);
        }
    }

    private static async Task<bool> IsReportedAsync(Task<ReadinessReport> report, string instance, CancellationToken stopping)
    {
        var ended = report.WaitAsync(stopping);
        await ((Task)ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ended.IsCompletedSuccessfully && ended.Result.Takes(instance);
    }

    private void Restart(ResourceEvent change, RestartPolicyAnnotation policy, CancellationToken stopping)
    {
        var (count, at) = _restarts.GetValueOrDefault(change.ResourceId);
        if (count > 0 && clock.GetElapsedTime(at) > policy.DelayBefore(count) + policy.MaxDelay)
        {
            count = 0;
        }

        var name = ResourceStates.NameOf(change);
        if (count >= policy.MaxRestarts)
        {
            // Whoever starts it by hand gets a new row of restarts.
            _restarts.Remove(change.ResourceId);
            GaveUp(name, policy.MaxRestarts);
            return;
        }

        _restarts[change.ResourceId] = (count + 1, clock.GetTimestamp());
        var delay = policy.DelayBefore(count + 1);
        Restarting(name, delay.TotalSeconds, count + 1);
        _ = StartAsync(change, delay, stopping);
    }

    private async Task StartAsync(ResourceEvent change, TimeSpan delay, CancellationToken stopping)
    {
        try
        {
            await Task.Delay(delay, clock, stopping);
            if (notifications.TryGetCurrentState(change.ResourceId, out var now) && ResourceStates.IsEnded(now))
            {
                var result = await commands.ExecuteCommandAsync(
                    change.ResourceId, KnownResourceCommands.StartCommand, stopping);
                if (result is { Success: false, Canceled: false })
                {
                    RestartFailed(ResourceStates.NameOf(change), result.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    [LoggerMessage(1, LogLevel.Error, "{Instance} could not be started:{Lines}")]
    private partial void StartFailed(string instance, string lines);

    [LoggerMessage(2, LogLevel.Error, "{Instance} ended with exit code {ExitCode}. Its last lines:{Lines}")]
    private partial void Crashed(string instance, int exitCode, string lines);

    [LoggerMessage(3, LogLevel.Error, "{Instance} was killed. Its last lines:{Lines}")]
    private partial void Ended(string instance, string lines);

    [LoggerMessage(4, LogLevel.Warning, "{Instance} is restarted in {Seconds} s (restart {Number}).")]
    private partial void Restarting(string instance, double seconds, int number);

    [LoggerMessage(
        5, LogLevel.Error,
        "{Instance} was restarted {Count} times and is left alone now. Start it in the dashboard when it is fixed.")]
    private partial void GaveUp(string instance, int count);

    [LoggerMessage(6, LogLevel.Error, "{Instance} could not be restarted: {Reason}")]
    private partial void RestartFailed(string instance, string? reason);
}

/// <summary>The last lines that an instance has written.</summary>
internal static partial class LogTail
{
    private const int Length = 10;

    /// <summary>The lines without times and colors, each after a line break and two blanks.</summary>
    public static async Task<string> ReadAsync(ResourceLoggerService loggers, string instance)
    {
        var tail = new Queue<string>(Length + 1);
        await foreach (var batch in loggers.GetAllAsync(instance))
        {
            foreach (var line in batch)
            {
                // A line with breaks is an exception of Aspire's orchestrator, not output of the process: its stack says nothing
                // about the resource.
                var text = Frames().Replace(Decoration().Replace(line.Content, ""), "");

                // What DCP adds about a start comes last, whenever it was.
                if (text.StartsWith("[sys] Starting process", StringComparison.Ordinal))
                {
                    continue;
                }

                tail.Enqueue(Breaks().Replace(text, $"{Environment.NewLine}  "));
                if (tail.Count > Length)
                {
                    tail.Dequeue();
                }
            }
        }

        return string.Concat(tail.Select(line => $"{Environment.NewLine}  {line}"));
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d) |\x1b\[[0-9;]*m", RegexOptions.ExplicitCapture)]
    private static partial Regex Decoration();

    [GeneratedRegex(
        @"(?<=\n)Aspire\.Hosting\.DistributedApplicationException: |\r?\n(   at |--- End of stack trace)[^\n]*",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Frames();

    [GeneratedRegex(@"\r?\n")]
    private static partial Regex Breaks();
}
