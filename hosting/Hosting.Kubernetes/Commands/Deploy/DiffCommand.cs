using System.CommandLine;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using MonoRepo.Deploy.Apply;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Shows what apply would change in the cluster, object by object.</summary>
internal sealed class DiffCommand : IAppHostCommand
{
    private readonly DeployArguments _arguments;
    private readonly ImageOptions _images;

    public DiffCommand()
    {
        Command = new("diff", "Show what apply would change, as the cluster itself says it; exit code 16 when anything differs.");
        _arguments = new(Command);
        _images = ImageOptions.ForLookup(Command);
    }

    public Command Command { get; }

    public async Task<int> ExecuteAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var model = PublishedGraph.Model(context);
        var place = _arguments.Place(context, model);
        using var cluster = place.Connect(context);
        var digests = place.IsPersonal ? await _images.FindAsync(context, model, place, _arguments.Selection(context), cancellationToken).ConfigureAwait(false) : null;
        var request = await _arguments.RequestAsync(context, model, place, _arguments.Render(context, model, place, digests)).ConfigureAwait(false);
        var (differences, conflicts) = await new Differ(cluster).CompareAsync(request, cancellationToken).ConfigureAwait(false);
        foreach (var conflict in conflicts)
        {
            await context.Error.WriteLineAsync($"{conflict}; apply refuses that without --force-conflicts.").ConfigureAwait(false);
        }

        if (_arguments.Output.IsJson(context))
        {
            JsonArray listed = [.. differences.Select(d => new JsonObject { ["object"] = d.Object.ToString(), ["diff"] = d.Text })];
            await context.Output.WriteLineAsync(DeployJson.Text(place, new() { ["differences"] = listed })).ConfigureAwait(false);
        }
        else
        {
            await context.Output.WriteAsync(string.Concat(differences.Select(d => d.Text))).ConfigureAwait(false);
        }

        return differences.Count > 0 ? ExitCodes.Differences : ExitCodes.Done;
    }
}
