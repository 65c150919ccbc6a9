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
        var kubectl = await place.ConnectAsync(context, cancellationToken).ConfigureAwait(false);
        await ThrowIfNoNamespaceAsync(kubectl, place, cancellationToken).ConfigureAwait(false);
        var reader = new SnapshotReader(kubectl, targets);
        if (!context.Arguments.GetValue(_watch))
        {
            await WriteAsync(context, place, await ReadAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
            return ExitCodes.Done;
        }

        using var interruption = new Interruption(cancellationToken);
        try
        {
            await WatchAsync(context, place, () => ReadAsync(interruption.Token), interruption.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            // Ctrl+C is how it ends.
        }

        return ExitCodes.Done;

        async Task<IReadOnlyList<ResourceStatus>> ReadAsync(CancellationToken cancellation) =>
            StatusReading.Read(targets, await reader.ReadAsync(cancellation).ConfigureAwait(false), DateTimeOffset.UtcNow);
    }

    /// <summary>kubectl answers "nothing" for a namespace that does not exist.</summary>
    private static async Task ThrowIfNoNamespaceAsync(IKubectl kubectl, DeployPlace place, CancellationToken cancellationToken)
    {
        var found = await kubectl.GetAsync(KubectlQuery.Of(new ObjectKey("", "Namespace", place.Target.Namespace)), cancellationToken).ConfigureAwait(false);
        if (found.Count == 0)
        {
            throw new KubectlException(
                KubectlFault.NamespaceMissing,
                $"Context '{place.Target.Context}' has no namespace '{place.Target.Namespace}'. Run `setup --env {place.Environment}`, which makes it.");
        }
    }

    private async Task WatchAsync(CommandContext context, DeployPlace place, Func<Task<IReadOnlyList<ResourceStatus>>> read, CancellationToken cancellationToken)
    {
        var area = Terminal.Is(context.Output) && !_output.IsJson(context) ? Terminal.Area(context.Output) : null;
        var shown = "";
        while (true)
        {
            var resources = await read().ConfigureAwait(false);
            area?.Draw([.. StatusTable.Lines(resources).Select((l, i) => new ScreenLine("", l, i == 0 ? ScreenColor.Dim : ScreenColor.None))]);

            // Ages change all the time; what counts is the rest.
            var state = string.Join('\n', resources.Select(r => RolloutJson.Of(r.Progress).ToJsonString() + string.Join(',', r.Images) + r.Restarts));
            if (area is null && state != shown)
            {
                await WriteAsync(context, place, resources).ConfigureAwait(false);
                shown = state;
            }

            await Task.Delay(s_interval, cancellationToken).ConfigureAwait(false);
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
