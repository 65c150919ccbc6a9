using System.CommandLine;
using Aspire.Hosting;
using MonoRepo.Deploy.Canary;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.ConsoleOutput;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rollout;
using MonoRepo.Deploy.Setup;
using MonoRepo.Deploy.Status;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Says what runs of an environment.</summary>
internal sealed class StatusCommand : EnvironmentCommand
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);

    private readonly OutputOption _output = new(isWide: true);
    private readonly Option<bool> _watch = new("--watch", "-w")
    {
        Description = "Watch until Ctrl+C: in place on a terminal, elsewhere printed again after each change.",
    };

    public StatusCommand()
        : base(
            "status", "Show what runs: desired and ready replicas, image digest, age, restarts, last warning.",
            hasResources: true)
    {
        Add(_output);
        Add(_watch);
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var environment = ReadEnvironment(context);
        var target = environment.Target;
        var objects = environment.Render(ReadSelection(context)).Objects;
        using var cluster = environment.Connect();
        await Prerequisite.CheckNamespaceAsync(cluster, target.Options, cancellationToken);
        var targets = RolloutTargets.Of(
            [.. objects, .. await CanaryDeployment.FindAsync(cluster, objects, cancellationToken)]);
        await using var view = new ClusterView(cluster, TimeProvider.System);
        var isWatched = context.Arguments.GetValue(_watch);
        using var interruption = new Interruption(cancellationToken);
        await Task.WhenAll(
            targets.OpenAsync(view, context.Error.WriteLine, cancellationToken, managedFields: true),
            targets.OpenEventsAsync(view, cancellationToken));
        if (!isWatched)
        {
            await WriteAsync(context, target, Read());
            return ExitCodes.Done;
        }

        view.Follow();
        try
        {
            await WatchAsync(context, target, view, Read, interruption.Token);
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            // Ctrl+C is how it ends.
        }

        return ExitCodes.Done;

        IReadOnlyList<ResourceStatus> Read() => StatusReading.Read(targets, view.Snapshot());
    }

    private async Task WatchAsync(
        CommandContext context, EnvironmentTarget target, ClusterView view, Func<IReadOnlyList<ResourceStatus>> read,
        CancellationToken cancellationToken)
    {
        var area = Terminal.Is(context.Output) && !_output.IsStructured(context) ? Terminal.Area(context.Output) : null;
        var shown = "";
        while (true)
        {
            var resources = read();
            area?.Draw([
                .. StatusTable.Lines(resources, _output.IsWide(context))
                    .Select((l, i) => new ScreenLine("", l, i == 0 ? ScreenColor.Dim : ScreenColor.None)),
            ]);

            // Ages change all the time; what counts is the rest.
            var state = string.Join(
                '\n', resources.Select(r => RolloutJson.Of(r.Progress).ToJsonString() + string.Join(',', r.Images) + r.Restarts));
            if (area is null && state != shown)
            {
                await WriteAsync(context, target, resources);
                shown = state;
            }

            await view.ChangedAsync(s_interval, cancellationToken);
        }
    }

    private async Task WriteAsync(CommandContext context, EnvironmentTarget target, IReadOnlyList<ResourceStatus> resources)
    {
        if (_output.IsStructured(context))
        {
            await _output.WriteAsync(
                context, DeployJson.Create(target, new() { ["resources"] = StatusTable.Json(resources) }),
                context.Arguments.GetValue(_watch));
        }
        else
        {
            await context.Output.WriteLineAsync(string.Join(
                System.Environment.NewLine, StatusTable.Lines(resources, _output.IsWide(context))));
        }
    }
}
