using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Restore;

/// <summary>
/// How what a CronJob saves is put back, as <see cref="KubernetesLabels.Restore"/> says it: command lines for a pod like the
/// CronJob's, in which <c>{backup}</c> stands for the name of a backup.
/// </summary>
/// <param name="Plan">Says what would be replaced by what; its first line begins with the backup's name and a colon.</param>
/// <param name="Replace">Pauses writers, saves what there is, and puts the backup in its place.</param>
/// <param name="Merge">Pauses writers, and overwrites only what the backup has, too.</param>
/// <param name="Resume">Lets writers go on, after a run that was killed.</param>
internal sealed record RestoreCommands(
    IReadOnlyList<string> Plan, IReadOnlyList<string> Replace, IReadOnlyList<string> Merge, IReadOnlyList<string> Resume)
{
    /// <summary>The CronJob that saves a resource, and its commands.</summary>
    /// <exception cref="DeployException">Nothing saves it.</exception>
    public static (string CronJob, RestoreCommands Commands) Find(
        IReadOnlyList<YamlMap> objects, string resource, string environment)
    {
        var saving = objects.Where(
            o => o.Text("kind") == "CronJob" && o.TextAt("metadata", "annotations", KubernetesLabels.Restore) is not null)
            .ToLookup(o => ResourceSelection.Owner(o)!);
        if (saving[resource].FirstOrDefault() is { } one)
        {
            return (one.TextAt("metadata", "name")!, JsonAnnotation.Read<RestoreCommands>(one, KubernetesLabels.Restore)!);
        }

        var others = saving.Count == 0
            ? "No resource is"
            : $"Saved are: {string.Join(", ", saving.Select(s => s.Key).Order(StringComparer.Ordinal))}";
        throw new DeployException(
            $"'{resource}' is not saved in '{environment}': no backup to restore. {others}. Its builder in the graph says " +
            "whether it can be saved, as `WithBackup()` does.");
    }
}
