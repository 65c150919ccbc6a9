using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace MonoRepo.Hosting;

/// <summary>Starts what has a schedule and isn't started with the others when it is due, unless it is running.</summary>
internal sealed partial class ScheduledRuns(
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    ResourceCommandService commands,
    TimeProvider clock,
    ILogger<ScheduledRuns> logger) : IRunTask
{
    // A clock may be set, and a laptop sleeps.
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromMinutes(1);

    public Task ExecuteAsync(CancellationToken stopping) => Task.WhenAll(
        from resource in model.Resources
        where resource.HasAnnotationOfType<ExplicitStartupAnnotation>()
        let schedule = resource.Annotations.OfType<ScheduleAnnotation>().LastOrDefault()?.Schedule
        where schedule is not null
        select StartAsync(resource, schedule, stopping));

    private async Task StartAsync(IResource resource, Schedule schedule, CancellationToken stopping)
    {
        if (schedule.FindError() is var (problem, fix))
        {
            NeverDue(resource.Name, problem, fix);
            return;
        }

        while (schedule.FindNext(clock.GetUtcNow()) is { } due)
        {
            while (due - clock.GetUtcNow() is { } left && left > TimeSpan.Zero)
            {
                await Task.Delay(left < s_longestDelay ? left : s_longestDelay, clock, stopping);
            }

            if (notifications.TryGetCurrentState(resource.Name, out var now)
                && (ResourceStates.IsEnded(now) || now.Snapshot.State?.Text == KnownResourceStates.NotStarted))
            {
                var result = await commands.ExecuteCommandAsync(resource, KnownResourceCommands.StartCommand, stopping);
                if (result is { Success: false, Canceled: false })
                {
                    StartFailed(resource.Name, result.Message);
                }
            }
        }
    }

    [LoggerMessage(1, LogLevel.Error, "The schedule of {Resource} is never due: {Problem}; {Fix}.")]
    private partial void NeverDue(string resource, string problem, string fix);

    [LoggerMessage(2, LogLevel.Error, "{Resource} could not be started on its schedule: {Reason}")]
    private partial void StartFailed(string resource, string? reason);
}
