using System.CommandLine;
using System.Text.Json.Nodes;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Operations;
using MonoRepo.Deploy.Rendering;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Says what has happened to resources.</summary>
internal sealed class EventsCommand : EnvironmentCommand
{
    private readonly OutputOption _output = new();
    private readonly Option<bool> _watch = new("--watch", "-w") { Description = "Watch until Ctrl+C." };

    public EventsCommand()
        : base(
            "events", "Show events of resources in the last hour, oldest first: scheduling, images, probes, scaling.",
            hasResources: true)
    {
        Add(_output);
        Add(_watch);
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var environment = ReadEnvironment(context);
        var selection = ReadSelection(context);
        var objects = environment.Render().Objects;
        IReadOnlyCollection<string> resources =
            selection.Resources.Count == 0 ? [] : ResourceSelection.Select(environment.Target.Environment, objects, selection);
        var events = new ResourceEvents(objects, resources);
        using var cluster = environment.Connect();
        using var interruption = new Interruption(cancellationToken);
        var isWatched = context.Arguments.GetValue(_watch);
        var (before, isSynced) = (new List<LiveEvent>(), false);
        try
        {
            await foreach (var change in cluster.WatchAsync(ObjectQuery.OfKinds(ResourceKind.Event), interruption.Token))
            {
                if (change.Type == ObjectChangeType.Synced)
                {
                    await WriteAsync(context, environment, [.. before.OrderBy(e => e.Last)], isWatched);
                    if (!isWatched)
                    {
                        break;
                    }

                    isSynced = true;
                }
                else if (change.Type != ObjectChangeType.Deleted && LiveEvent.Of(change.Object) is var one
                    && events.Contains(one))
                {
                    if (isSynced)
                    {
                        await WriteAsync(context, environment, [one], isWatched);
                    }
                    else
                    {
                        before.Add(one);
                    }
                }
            }
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            // Ctrl+C is how it ends.
        }

        return ExitCodes.Done;
    }

    private async Task WriteAsync(
        CommandContext context, EnvironmentContext environment, IReadOnlyList<LiveEvent> events, bool isWatched)
    {
        if (_output.IsStructured(context))
        {
            if (isWatched)
            {
                foreach (var one in events)
                {
                    await _output.WriteAsync(context, ResourceEvents.Json(one), isOneOfMany: true);
                }
            }
            else
            {
                JsonArray listed = [.. events.Select(ResourceEvents.Json)];
                await _output.WriteAsync(context, DeployJson.Create(environment.Target, new() { ["events"] = listed }));
            }

            return;
        }

        foreach (var one in events)
        {
            await context.Output.WriteLineAsync(ResourceEvents.Line(one, DateTimeOffset.UtcNow));
        }

        if (!isWatched && events.Count == 0)
        {
            await context.Output.WriteLineAsync(
                $"No events in namespace {environment.Target.Cluster.Namespace}; clusters keep them for an hour.");
        }
    }
}
