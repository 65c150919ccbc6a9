using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using MonoRepo.Deploy.Activity;
using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Rendering;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Deletes what the inventory of an environment says is ours.</summary>
internal sealed class DeleteCommand : EnvironmentCommand
{
    private readonly OutputOption _output = new();
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask for confirmation." };
    private readonly Option<string?> _application =
        new("--application") { Description = "Former name of the application, whose objects are deleted.", HelpName = "name" };
    private readonly Option<bool> _volumes =
        new("--volumes") { Description = "Delete the volumes of StatefulSets, too, with their data." };

    public DeleteCommand()
        : base(
            "delete", "Delete the objects of an environment; volumes are kept unless --volumes is given.",
            hasResources: true, hasDeep: true)
    {
        Add(_output);
        Add(_yes);
        Add(_volumes);
        Add(_application);
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var environment = ReadEnvironment(context);
        var target = environment.Target;
        var resources = Resources(environment);
        using var cluster = environment.Connect();
        var deleter = new Deleter(cluster, new InventoryStore(
            cluster, context.Arguments.GetValue(_application) ?? environment.Model.Application, target.Environment));
        var (plan, inventory) = await deleter.PlanAsync(resources, cancellationToken);
        var withVolumes = context.Arguments.GetValue(_volumes);
        var console = _output.Console(context);
        if (plan.Objects.Count > 0 || (withVolumes && plan.Volumes.Count > 0))
        {
            Preview(console, target, plan, withVolumes);
            if (!context.Arguments.GetValue(_yes)
                && !await Confirmation.AskAsync(
                    context, $"Delete this from {target.Cluster.Namespace} in {target.Cluster.Context}?", cancellationToken))
            {
                await context.Error.WriteLineAsync("Nothing was deleted.");
                return ExitCodes.Failed;
            }

            var (at, start) = (DateTimeOffset.UtcNow, Stopwatch.GetTimestamp());
            if (await deleter.DeleteAsync(plan, inventory, withVolumes, cancellationToken))
            {
                await environment.Activity(cluster).RecordAsync(new(at, "delete", ActivityEntry.Done)
                {
                    Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
                    Resources = [.. plan.Objects.Select(o => o.Resource).Distinct().Order(StringComparer.Ordinal)],
                    Note = withVolumes && plan.Volumes.Count > 0 ? "with data" : null,
                });
            }
        }

        await WriteAsync(context, target, plan, withVolumes, console);
        return ExitCodes.Done;
    }

    /// <summary>
    /// The named resources and, with --deep, all they depend on. One that left the graph has no dependencies any more.
    /// </summary>
    private HashSet<string>? Resources(EnvironmentContext environment)
    {
        var selection = ReadSelection(environment.Command);
        if (selection.Resources.Count == 0)
        {
            return null;
        }

        var names = selection.Resources.ToHashSet();
        if (selection.Deep)
        {
            var name = environment.Target.Environment;
            names.UnionWith(ResourceSelection.Select(name, new Renderer(environment.Tree).ReadPublished(name), selection));
        }

        return names;
    }

    private static void Preview(TextWriter console, EnvironmentTarget target, DeletePlan plan, bool withVolumes)
    {
        console.WriteLine($"From {target.Place}:");
        foreach (var one in plan.Objects.Concat(withVolumes ? plan.Volumes : []))
        {
            console.WriteLine($"  {one.Key}{(plan.Volumes.Contains(one) ? ", with its data" : "")}");
        }
    }

    private async Task WriteAsync(
        CommandContext context, EnvironmentTarget target, DeletePlan plan, bool withVolumes, TextWriter console)
    {
        var deleted = plan.Objects.Concat(withVolumes ? plan.Volumes : []).Select(o => o.Key).ToList();
        var kept = withVolumes ? [] : plan.Volumes.Select(v => v.Key).ToList();
        if (_output.IsStructured(context))
        {
            await _output.WriteAsync(
                context, DeployJson.Create(target, new JsonObject
                {
                    ["deleted"] = DeployJson.Names(deleted),
                    ["kept"] = DeployJson.Names(kept),
                }));
            return;
        }

        foreach (var volume in kept)
        {
            await console.WriteLineAsync($"{volume} kept; --volumes deletes it");
        }

        await console.WriteLineAsync($"{target.Place}: {deleted.Count} deleted, {kept.Count} volumes kept.");
    }
}
