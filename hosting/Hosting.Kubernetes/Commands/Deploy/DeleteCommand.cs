using System.CommandLine;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Model;
using MonoRepo.Hosting.Kubernetes.Graph;
using MonoRepo.Hosting.Kubernetes.Lowering;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Deletes what the inventory of an environment says is ours.</summary>
internal sealed class DeleteCommand : IAppHostCommand
{
    private readonly DeployArguments _arguments;
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask." };
    private readonly Option<bool> _volumes = new("--volumes") { Description = "Delete the data too: the volumes of StatefulSets." };

    public DeleteCommand()
    {
        Command = new("delete", "Delete what is ours from an environment; volumes stay unless asked for.");
        _arguments = new(Command);
        Command.Options.Add(_yes);
        Command.Options.Add(_volumes);
    }

    public Command Command { get; }

    public async Task<int> ExecuteAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var model = PublishedGraph.Model(context);
        var place = _arguments.Place(context, model);
        using var cluster = place.Connect(context);
        var deleter = new Deleter(cluster, new InventoryStore(cluster, model.Application, place.Environment));
        var (plan, inventory) = await deleter.PlanAsync(Resources(context, model, place), cancellationToken).ConfigureAwait(false);
        var withVolumes = context.Arguments.GetValue(_volumes);
        var people = _arguments.Output.People(context);
        if (plan.Objects.Count > 0 || (withVolumes && plan.Volumes.Count > 0))
        {
            Preview(people, place, plan, withVolumes);
            if (!context.Arguments.GetValue(_yes) && !Confirmation.Ask($"Delete this from {place.Target.Namespace} in {place.Target.Context}?", context.Error))
            {
                await context.Error.WriteLineAsync("Nothing was deleted.").ConfigureAwait(false);
                return ExitCodes.Failed;
            }

            await deleter.DeleteAsync(plan, inventory, withVolumes, cancellationToken).ConfigureAwait(false);
        }

        await WriteAsync(context, place, plan, withVolumes, people).ConfigureAwait(false);
        return ExitCodes.Done;
    }

    /// <summary>The named resources and, with --deep, all they depend on. One that left the graph has no dependencies any more.</summary>
    private HashSet<string>? Resources(CommandContext context, PublishedModel model, DeployPlace place)
    {
        var selection = _arguments.Selection(context);
        if (selection.Resources.Count == 0)
        {
            return null;
        }

        var names = selection.Resources.ToHashSet();
        if (selection.Deep)
        {
            var faults = new Faults();
            var graph = EnvironmentGraph.Read(model, EnvironmentFacts.Of(model.Environments.First(e => e.Name == place.Environment)), faults);
            faults.ThrowIfAny();
            names.UnionWith(Dependencies.Select(graph, selection.Resources, deep: true));
        }

        return names;
    }

    private static void Preview(TextWriter people, DeployPlace place, DeletePlan plan, bool withVolumes)
    {
        people.WriteLine($"From {place.Environment} (context {place.Target.Context}, namespace {place.Target.Namespace}):");
        foreach (var one in plan.Objects.Concat(withVolumes ? plan.Volumes : []))
        {
            people.WriteLine($"  {one.Key}{(plan.Volumes.Contains(one) ? ", with its data" : "")}");
        }
    }

    private async Task WriteAsync(CommandContext context, DeployPlace place, DeletePlan plan, bool withVolumes, TextWriter people)
    {
        var deleted = plan.Objects.Concat(withVolumes ? plan.Volumes : []).Select(o => o.Key).ToList();
        var kept = withVolumes ? [] : plan.Volumes.Select(v => v.Key).ToList();
        if (_arguments.Output.IsJson(context))
        {
            await context.Output.WriteLineAsync(DeployJson.Text(place, new JsonObject { ["deleted"] = DeployJson.Names(deleted), ["kept"] = DeployJson.Names(kept) })).ConfigureAwait(false);
            return;
        }

        foreach (var volume in kept)
        {
            await people.WriteLineAsync($"{volume} kept; --volumes deletes it").ConfigureAwait(false);
        }

        await people.WriteLineAsync($"{place.Environment} (context {place.Target.Context}, namespace {place.Target.Namespace}): {deleted.Count} deleted, {kept.Count} volumes kept.").ConfigureAwait(false);
    }
}
