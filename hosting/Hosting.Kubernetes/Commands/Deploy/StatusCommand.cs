using System.CommandLine;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.ConsoleOutput;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rollout;
using MonoRepo.Deploy.Status;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Says what runs of an environment.</summary>
internal sealed class StatusCommand : IAppHostCommand
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);

    private readonly ResourceArguments _arguments;
    private readonly OutputOption _output;
    private readonly Option<bool> _watch = new("--watch") { Description = "Go on until Ctrl+C: in place on a terminal, elsewhere again whenever something changed." };

    public StatusCommand()
    {
        Command = new("status", "Say what runs: wanted and ready, image digest, age, restarts, last warning.");
        _arguments = new(Command);
        _output = new(Command);
        Command.Options.Add(_watch);
    }

    public Command Command { get; }

    public async Task<int> ExecuteAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var model = PublishedGraph.Model(context);
        var place = _arguments.Place(context, model);
        var targets = RolloutTargets.Of(_arguments.Render(context, model, place).Objects);
        using var cluster = place.Connect(context);
        await ThrowIfNoNamespaceAsync(cluster, place, cancellationToken).ConfigureAwait(false);
        await using var view = new ClusterView(cluster, TimeProvider.System);
        var isWatched = context.Arguments.GetValue(_watch);
        using var interruption = new Interruption(cancellationToken);
        await Task.WhenAll(
            targets.OpenAsync(view, context.Error.WriteLine, cancellationToken), targets.OpenEventsAsync(view, cancellationToken)).ConfigureAwait(false);
        if (!isWatched)
        {
            await WriteAsync(context, place, Read()).ConfigureAwait(false);
            return ExitCodes.Done;
        }

        view.Follow();
        try
        {
            await WatchAsync(context, place, view, Read, interruption.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            // Ctrl+C is how it ends.
        }

        return ExitCodes.Done;

        IReadOnlyList<ResourceStatus> Read() => StatusReading.Read(targets, view.Snapshot());
    }

    /// <summary>The API answers "nothing" for a namespace that doesn't exist.</summary>
    private static async Task ThrowIfNoNamespaceAsync(IClusterClient cluster, DeployPlace place, CancellationToken cancellationToken)
    {
        var found = await cluster.GetAsync(ObjectQuery.Of(new ObjectKey("", "Namespace", place.Target.Namespace)), cancellationToken).ConfigureAwait(false);
        if (found.Count == 0)
        {
            throw new ClusterException(
                ClusterErrorReason.NamespaceNotFound,
                $"Context '{place.Target.Context}' has no namespace '{place.Target.Namespace}'. Run `setup --env {place.Environment}`, which makes it.");
        }
    }

    private async Task WatchAsync(CommandContext context, DeployPlace place, ClusterView view, Func<IReadOnlyList<ResourceStatus>> read, CancellationToken cancellationToken)
    {
        var area = Terminal.Is(context.Output) && !_output.IsJson(context) ? Terminal.Area(context.Output) : null;
        var shown = "";
        while (true)
        {
            var resources = read();
            area?.Draw([.. StatusTable.Lines(resources).Select((l, i) => new ScreenLine("", l, i == 0 ? ScreenColor.Dim : ScreenColor.None))]);

            // Ages change all the time; what counts is the rest.
            var state = string.Join('\n', resources.Select(r => RolloutJson.Of(r.Progress).ToJsonString() + string.Join(',', r.Images) + r.Restarts));
            if (area is null && state != shown)
            {
                await WriteAsync(context, place, resources).ConfigureAwait(false);
                shown = state;
            }

            await view.ChangedAsync(s_interval, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(CommandContext context, DeployPlace place, IReadOnlyList<ResourceStatus> resources)
    {
        var text = _output.IsJson(context)
            ? new JsonObject { ["environment"] = place.Environment, ["context"] = place.Target.Context, ["namespace"] = place.Target.Namespace, ["resources"] = StatusTable.Json(resources) }.ToJsonString()
            : string.Join(System.Environment.NewLine, StatusTable.Lines(resources));
        await context.Output.WriteLineAsync(text).ConfigureAwait(false);
    }
}
