using System.CommandLine;
using System.Text.Json.Nodes;
using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Setup;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Shows what apply would change in the cluster, object by object.</summary>
internal sealed class DiffCommand : EnvironmentCommand
{
    private readonly OutputOption _output = new();
    private readonly ImageOptions _images;

    public DiffCommand()
        : base(
            "diff", "Show what apply would change, according to the cluster; exit code 16 if anything differs.",
            hasResources: true, hasDeep: true)
    {
        Add(_output);
        _images = new(this, isLookup: true);
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var environment = ReadEnvironment(context);
        var (target, selection) = (environment.Target, ReadSelection(context));
        var rendered = environment.Render(selection);
        using var cluster = environment.Connect();
        try
        {
            await Prerequisite.CheckNamespaceAsync(cluster, target.Options, cancellationToken);
        }
        catch (ClusterException exception) when (exception.Reason == ClusterErrorReason.Forbidden)
        {
            // What is in it may be readable nevertheless.
        }

        if (target.IsPersonal)
        {
            rendered = environment.Render(selection, await _images.FindAsync(environment, selection, cancellationToken));
        }

        await environment.WarnAsync(rendered);
        PinRule.ThrowIfUnpinned(target.Environment, rendered.UnpinnedImages);
        var request = new DeployRequest(
            environment.Model.Application, target.Environment, rendered.Objects, ApplyCommand.Scope(selection, rendered.Objects));
        var (differences, conflicts, remarks) = await new Differ(cluster).CompareAsync(request, cancellationToken);
        foreach (var conflict in conflicts)
        {
            await context.Error.WriteLineAsync($"{conflict}; apply refuses that without --force-conflicts.");
        }

        foreach (var remark in remarks)
        {
            await context.Error.WriteLineAsync(remark);
        }

        if (_output.IsStructured(context))
        {
            JsonArray listed =
                [.. differences.Select(d => new JsonObject { ["object"] = d.Object.ToString(), ["diff"] = d.Text })];
            await _output.WriteAsync(context, DeployJson.Create(target, new() { ["differences"] = listed }));
        }
        else
        {
            await context.Output.WriteAsync(string.Concat(differences.Select(d => d.Text)));
        }

        return differences.Count > 0 ? ExitCodes.Differences : ExitCodes.Done;
    }
}
