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
internal sealed record ScheduledTaskAnnotation(
    string Name, Schedule Schedule, IReadOnlyList<string> Command, string? Volume = null, string? VolumePath = null)
    : IResourceAnnotation
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

/// <summary>
/// Members keep their name and their volume over a restart: a StatefulSet, with <c>&lt;name&gt;-headless</c> for the members' own
/// addresses.
/// </summary>
/// <param name="PublishNotReady">Members find each other before they are ready, as a cluster that forms itself must.</param>
/// <param name="Parallel">All members start and stop at once rather than one after the other.</param>
internal sealed record StableIdentityAnnotation(bool PublishNotReady = true, bool Parallel = true) : IResourceAnnotation;

/// <summary>Ports on which the members of one resource talk to each other, and to nobody else.</summary>
internal sealed record PeerPortsAnnotation(IReadOnlyList<int> Ports) : IResourceAnnotation;

/// <summary>
/// The members of a resource hold parts of its data, so their number is changed in steps: the wanted size is published and, when
/// growing, the new members are started; then <paramref name="Lock"/> in every member, <paramref name="Rearrange"/> in the first,
/// when shrinking <paramref name="Retire"/> in every leaving member, <paramref name="Forget"/> in the first and the removal
/// of the leaving ones; last <paramref name="Unlock"/> in every member. Every command may be repeated: an interrupted change is
/// finished by running all steps again.
/// </summary>
/// <param name="Lock">Keeps the members from changing roles by themselves.</param>
/// <param name="Rearrange">Gives roles and data to the wanted members; may take minutes, and prints what it does.</param>
/// <param name="Retire">Takes a member that holds nothing any more out of service.</param>
/// <param name="Forget">Makes the others forget the retired ones.</param>
internal sealed record MemberScalingAnnotation(
    IReadOnlyList<string> Lock,
    IReadOnlyList<string> Rearrange,
    IReadOnlyList<string> Retire,
    IReadOnlyList<string> Forget,
    IReadOnlyList<string> Unlock) : IResourceAnnotation;

/// <summary>
/// The members of a resource let callers and each other in by a secret, and can let in by two of them for a while. So it is
/// replaced while everything goes on: <paramref name="Accept"/> in every member, the secret is changed, callers are rolled, then
/// the members, and last <paramref name="Only"/> in every member. Both commands read the new value as a line of their standard
/// input and may be repeated.
/// </summary>
/// <param name="PreviousVariable">Variable with the value that is being replaced, as long as that lasts.</param>
/// <param name="Accept">Lets in by the new value, too.</param>
/// <param name="Only">Lets in by no other value any more; fails in a member that was started without the new one.</param>
/// <param name="Pattern">Regular expression of the values that work.</param>
/// <param name="Hint">What is wrong with others: <c>a comma ends it in connection strings</c>.</param>
internal sealed record MemberSecretAnnotation(
    Func<ParameterResource> Secret,
    string PreviousVariable,
    IReadOnlyList<string> Accept,
    IReadOnlyList<string> Only,
    string Pattern,
    string Hint) : IResourceAnnotation;
