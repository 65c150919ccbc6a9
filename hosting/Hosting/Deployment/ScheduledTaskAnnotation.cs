using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>A command that belongs to a resource and runs on a schedule beside it (a backup): a CronJob that may reach the resource and nothing else.</summary>
/// <param name="Name">Suffix of the CronJob's name.</param>
/// <param name="Schedule">When.</param>
/// <param name="Command">Command line, run in the resource's image with its variables and files.</param>
/// <param name="Volume">Size of a claim of its own that outlives the runs; null for none.</param>
/// <param name="VolumePath">Where that claim is mounted.</param>
/// <param name="Suspend">Written but switched off; an environment can switch it on.</param>
public sealed record ScheduledTaskAnnotation(
    string Name, Schedule Schedule, IReadOnlyList<string> Command, string? Volume = null, string? VolumePath = null, bool Suspend = false) : IResourceAnnotation;
