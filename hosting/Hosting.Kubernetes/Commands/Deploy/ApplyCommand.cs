using System.CommandLine;
using Aspire.Hosting;
using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Rollout;
using MonoRepo.Deploy.Setup;
using MonoRepo.Deploy.StatefulSets;
using MonoRepo.Deploy.Yaml;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Brings an environment to what the graph says, and waits until it works. <c>create</c> does so only where nothing is yet.</summary>
internal sealed class ApplyCommand : IAppHostCommand
{
    private readonly bool _createOnly;
    private readonly DeployArguments _arguments;
    private readonly ImageOptions _images;
    private readonly RolloutWait _wait;
    private readonly Option<bool> _force = new("--force-conflicts") { Description = "Take over objects and fields that others own." };

    private ApplyCommand(string name, string description, bool createOnly)
    {
        _createOnly = createOnly;
        Command = new(name, description);
        _arguments = new(Command);
        Command.Options.Add(_force);
        _wait = new(Command);
        _images = new(Command);
    }

    public Command Command { get; }

    public static ApplyCommand Apply() => new("apply", "Bring an environment to what the graph says, and wait until it works.", createOnly: false);

    public static ApplyCommand Create() => new("create", "As apply, where nothing of it exists yet.", createOnly: true);

    public async Task<int> ExecuteAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var model = PublishedGraph.Model(context);
        var place = _arguments.Place(context, model);
        var rendering = Task.Run(() => _arguments.Render(context, model, place), cancellationToken);
        using var cluster = place.Connect(context);
        var people = TextWriter.Synchronized(_arguments.Output.People(context));
        var digests = await PrepareAsync(context, model, place, cluster, rendering, people, cancellationToken).ConfigureAwait(false);
        var rendered = digests is null ? await rendering.ConfigureAwait(false) : _arguments.Render(context, model, place, digests);
        var request = await _arguments.RequestAsync(context, model, place, rendered).ConfigureAwait(false);
        RolloutResult? rollout = null;
        var applier = new Applier(cluster, new StatefulSetSteps(cluster, people.WriteLine, TimeProvider.System), WaitAsync, people.WriteLine);
        var isForced = context.Arguments.GetValue(_force);
        var result = await applier.ApplyAsync(
            request with { CreateOnly = _createOnly, TakeFields = isForced, TakeObjects = isForced }, cancellationToken).ConfigureAwait(false);
        await WriteAsync(context, place, result, rollout, people).ConfigureAwait(false);
        return result.IsReady ? ExitCodes.Done : ExitCodes.Failed;

        async Task<bool> WaitAsync(IReadOnlyList<YamlMap> objects, CancellationToken cancellation) =>
            (rollout = await _wait.WaitAsync(context, cluster, objects, _arguments.Output.People(context), cancellation).ConfigureAwait(false)).IsReady;
    }

    /// <summary>Looks at the cluster while images are built; what is missing there, or wrong in the graph, ends the build.</summary>
    private async Task<IReadOnlyDictionary<string, string>?> PrepareAsync(
        CommandContext context, PublishedModel model, DeployPlace place, IClusterClient cluster, Task<RenderedEnvironment> rendering, TextWriter people, CancellationToken cancellationToken)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var look = CheckAsync();
        var build = Task.Run(() => BuildAsync(context, model, place, people, both.Token), both.Token);
        try
        {
            await look.ConfigureAwait(false);
        }
        catch
        {
            await both.CancelAsync().ConfigureAwait(false);
            await ((Task)build).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return await build.ConfigureAwait(false);

        async Task CheckAsync() =>
            await Prerequisite.CheckAsync(cluster, place.Environment, (await rendering.ConfigureAwait(false)).Objects, both.Token).ConfigureAwait(false);
    }

    /// <summary>A person's own environment gets what the working tree says; all others run what their pins say, in git.</summary>
    private async Task<IReadOnlyDictionary<string, string>?> BuildAsync(
        CommandContext context, PublishedModel model, DeployPlace place, TextWriter people, CancellationToken cancellationToken) => place.IsPersonal
        ? await _images.BuildAsync(context, model, place, _arguments.Selection(context), r => people.WriteLine(ImageReportLine.Of(r)), cancellationToken).ConfigureAwait(false)
        : null;

    private async Task WriteAsync(CommandContext context, DeployPlace place, ApplyResult result, RolloutResult? rollout, TextWriter people)
    {
        if (_arguments.Output.IsJson(context))
        {
            await context.Output.WriteLineAsync(DeployJson.Of(place, result, rollout)).ConfigureAwait(false);
            return;
        }

        foreach (var (what, keys) in new (string, IReadOnlyList<ObjectKey>)[] { ("created", result.Created), ("changed", result.Changed), ("deleted", result.Deleted) })
        {
            foreach (var key in keys)
            {
                await people.WriteLineAsync($"{key} {what}").ConfigureAwait(false);
            }
        }

        await people.WriteLineAsync(
            $"{place.Environment} (context {place.Target.Context}, namespace {place.Target.Namespace}): {result.Created.Count} created, {result.Changed.Count} changed, "
            + $"{result.Deleted.Count} deleted, {result.Unchanged.Count} unchanged.").ConfigureAwait(false);
    }
}
