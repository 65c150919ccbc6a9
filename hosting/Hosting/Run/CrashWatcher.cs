using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace MonoRepo.Hosting;

/// <summary>Tells about processes that ended by themselves, and starts them again where their restart policy says so.</summary>
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
    private Task<ConcurrentDictionary<string, bool>> _reported = Task.FromResult(new ConcurrentDictionary<string, bool>());

    /// <summary>Leaves telling about instances to a report that is written at the end of a wait; each is left out once.</summary>
    public void LeaveTo(Task<ConcurrentDictionary<string, bool>> reported) => _reported = reported;

    public async Task ExecuteAsync(CancellationToken stopping)
    {
        await foreach (var change in notifications.WatchAsync(stopping).ConfigureAwait(false))
        {
            var before = _states.GetValueOrDefault(change.ResourceId);
            var state = _states[change.ResourceId] = change.Snapshot.State?.Text;
            if (state == before || !ResourceStates.IsEnded(change) || change.Snapshot.IsHidden
                || before == KnownResourceStates.Stopping || change.Snapshot.ExitCode == 0)
            {
                continue;
            }

            if (change.Resource.Annotations.OfType<RestartPolicyAnnotation>().LastOrDefault() is { } policy)
            {
                _ = TellAsync(change, stopping);
                Restart(change, policy, stopping);
            }
            else
            {
                _ = TellUnlessReportedAsync(change, stopping);
            }
        }
    }

    private async Task TellUnlessReportedAsync(ResourceEvent change, CancellationToken stopping)
    {
        try
        {
            if (!(await _reported.WaitAsync(stopping).ConfigureAwait(false)).TryRemove(change.ResourceId, out _))
            {
                await TellAsync(change, stopping).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task TellAsync(ResourceEvent change, CancellationToken stopping)
    {
        var lines = await LogTail.ReadAsync(loggers, change.ResourceId).ConfigureAwait(false);
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
            await Task.Delay(delay, clock, stopping).ConfigureAwait(false);
            if (notifications.TryGetCurrentState(change.ResourceId, out var now) && ResourceStates.IsEnded(now))
            {
                var result = await commands.ExecuteCommandAsync(
                    change.ResourceId, KnownResourceCommands.StartCommand, stopping).ConfigureAwait(false);
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
        await foreach (var batch in loggers.GetAllAsync(instance).ConfigureAwait(false))
        {
            foreach (var line in batch)
            {
                // A line with breaks is an exception of the orchestrator, not output of the process: its stack says nothing about
                // the resource.
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
