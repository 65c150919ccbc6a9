using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>The resource runs once to its end: a Job, named by its content.</summary>
/// <param name="BackoffLimit">Retries before it counts as failed.</param>
/// <param name="TimeToLive">How long the finished Job stays to be looked at.</param>
internal sealed record RunsToCompletionAnnotation(int BackoffLimit, TimeSpan TimeToLive) : IResourceAnnotation;

/// <summary>The resource runs on a schedule: a CronJob.</summary>
internal sealed record ScheduleAnnotation(Schedule Schedule) : IResourceAnnotation;

/// <summary>
/// A command that belongs to a resource and runs on a schedule beside it (a backup): a CronJob that may reach the resource and
/// nothing else.
/// </summary>
/// <param name="Name">Suffix of the CronJob's name.</param>
/// <param name="Command">Command line, run in the resource's image with its variables and files.</param>
/// <param name="Volume">Size of a claim of its own that outlives the runs; null for none.</param>
/// <param name="VolumePath">Where that claim is mounted.</param>
/// <param name="Suspend">Written but switched off; an environment can switch it on.</param>
internal sealed record ScheduledTaskAnnotation(
    string Name, Schedule Schedule, IReadOnlyList<string> Command, string? Volume = null, string? VolumePath = null,
    bool Suspend = false) : IResourceAnnotation
{
    /// <summary>How what it saves is put back; null: it saves nothing.</summary>
    public RestoreFacts? Restore { get; init; }
}

/// <summary>Command lines that put back what a task has saved; <c>{backup}</c> stands for the name of a backup.</summary>
/// <param name="Plan">Says what would be replaced by what; its first line begins with the backup's name and a colon.</param>
/// <param name="Replace">Pauses writers, saves what there is, and puts the backup in its place.</param>
/// <param name="Merge">Pauses writers, and overwrites only what the backup has, too.</param>
/// <param name="Resume">Lets writers go on, after a run that was killed.</param>
internal sealed record RestoreFacts(
    IReadOnlyList<string> Plan, IReadOnlyList<string> Replace, IReadOnlyList<string> Merge, IReadOnlyList<string> Resume);
