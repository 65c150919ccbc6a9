using System.CommandLine;
using System.Text.RegularExpressions;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Restore;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Puts a backup of a resource back: says what it replaces, asks, and shows how far it is.</summary>
internal sealed partial class RestoreCommand : EnvironmentCommand
{
    private readonly Argument<string> _resource = new("resource") { Description = "Resource whose data is restored." };
    private readonly Option<string> _backup =
        new("--backup") { Description = "Name of the backup.", HelpName = "name", DefaultValueFactory = _ => "latest" };
    private readonly Option<bool> _merge = new("--merge") { Description = "Overwrite only the keys that the backup has." };
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask for confirmation." };

    public RestoreCommand()
        : base("restore", "Restore a backup of a resource; writers are paused meanwhile, and what is replaced is saved first.")
    {
        Add(_resource);
        Add(_backup);
        Add(_merge);
        Add(_yes);
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var environment = ReadEnvironment(context);
        var target = environment.Target;
        var resource = context.Arguments.GetValue(_resource)!.ToLowerInvariant();
        var objects = environment.Render().Objects;
        ResourceSelection.Select(target.Environment, objects, new([resource], Deep: false));
        var (cronJob, commands) = RestoreCommands.Find(objects, resource, target.Environment);
        using var cluster = environment.Connect();
        var restorer = new Restorer(cluster, TimeProvider.System);

        var backup = context.Arguments.GetValue(_backup)!;
        string? planned = null;
        if (!await RunJobAsync(commands.Plan, line =>
            planned ??= BackupName().Match(line) is { Success: true } match ? match.Value : null))
        {
            return ExitCodes.Failed;
        }

        // The one that was shown, not one that is made meanwhile.
        backup = planned ?? backup;
        var merge = context.Arguments.GetValue(_merge);
        var question = merge
            ? $"Overwrite keys of {resource} in {target.Cluster.Namespace} with those of {backup}? Writers are refused until " +
            "it is done."
            : $"Replace all that {resource} in {target.Cluster.Namespace} has by {backup}? It is saved as one more backup " +
            "first, and writers are refused until it is done.";
        if (!context.Arguments.GetValue(_yes) && !await Confirmation.AskAsync(context, question, cancellationToken))
        {
            await context.Error.WriteLineAsync("Nothing was restored.");
            return ExitCodes.Failed;
        }

        if (await RunJobAsync(merge ? commands.Merge : commands.Replace, _ => { }))
        {
            return ExitCodes.Done;
        }

        // One that was killed outright could not do it.
        await RunJobAsync(commands.Resume, _ => { });
        return ExitCodes.Failed;

        async Task<bool> RunJobAsync(IReadOnlyList<string> command, Action<string> look)
        {
            var (job, succeeded) = await restorer.RunAsync(
                cronJob,
                resource,
                [.. command.Select(c => c == "{backup}" ? backup : c)],
                line =>
                {
                    look(line);
                    context.Output.WriteLine(line);
                },
                cancellationToken);
            if (succeeded)
            {
                await restorer.DeleteAsync(job, cancellationToken);
            }
            else
            {
                await context.Error.WriteLineAsync(
                    $"{job.Name} failed; its pod and log stay: kubectl -n {target.Cluster.Namespace} logs job/{job.Name}");
            }

            return succeeded;
        }
    }

    // 20261120T031700Z: 3 shards, 1500 keys, 212 KiB
    [GeneratedRegex("^[^ :]+(?=: )")]
    private static partial Regex BackupName();
}
