using System.CommandLine;
using Aspire.Hosting;
using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Rollout;
using MonoRepo.Deploy.Setup;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>
/// Brings an environment to what its files say, and waits until it works. <c>create</c> does so only where nothing is yet.
/// </summary>
internal sealed class ApplyCommand : EnvironmentCommand
{
    private readonly bool _createOnly;
    private readonly OutputOption _output = new();
    private readonly ImageOptions _images;
    private readonly RolloutWait _wait = new();
    private readonly Option<bool> _force =
        new("--force-conflicts") { Description = "Take over objects and fields that others own." };
    private readonly Option<bool> _fromFiles =
        new("--from-files") { Description = "Apply the published files even where the graph would publish others." };

    /// <summary>What the step before has built in this run of the pipeline.</summary>
    private Task<IReadOnlyDictionary<string, string>?>? _built;

    private ApplyCommand(string name, string description, bool createOnly)
        : base(name, description, hasResources: true, hasDeep: true)
    {
        _createOnly = createOnly;
        Add(_output);
        Add(_force);
        Add(_fromFiles);
        Add(_wait);
        _images = new(this);
    }

    public static ApplyCommand Apply() =>
        new("apply", "Bring an environment to what the graph says, and wait until it works.", createOnly: false);

    public static ApplyCommand Create() => new("create", "Apply an environment of which nothing exists yet.", createOnly: true);

    protected override Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken) =>
        Interruption.RunAsync(context, ApplyAsync, cancellationToken);

    private async Task<int> ApplyAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var environment = ReadEnvironment(context);
        var (target, selection) = (environment.Target, ReadSelection(context));
        var checking = Task.Run(() => ThrowIfOutdated(environment), cancellationToken);
        var rendering = Task.Run(() => environment.Render(selection), cancellationToken);
        if (selection.Resources.Count > 0)
        {
            // A wrong name is said before anything is asked of a cluster.
            await rendering;
        }

        using var cluster = environment.Connect();
        var console = TextWriter.Synchronized(_output.Console(context));
        var digests = await PrepareAsync(environment, cluster, rendering, checking, console, cancellationToken);
        var rendered = digests is null ? await rendering : environment.Render(selection, digests);
        await environment.WriteRemarksAsync(rendered);
        PinRule.ThrowIfUnpinned(target.Environment, rendered.UnpinnedImages);
        RolloutResult? rollout = null;
        var applier = new Applier(cluster, WaitAsync, console.WriteLine) { Activity = environment.Activity(cluster) };
        var isForced = context.Arguments.GetValue(_force);
        var request = new DeployRequest(
            environment.Model.Application, target.Environment, rendered.Objects, Scope(selection, rendered.Objects))
        {
            CreateOnly = _createOnly,
            TakeFields = isForced,
            TakeObjects = isForced,
        };
        var result = await applier.ApplyAsync(request, cancellationToken);
        await WriteAsync(context, _output, target, result, rollout, console);
        return result.IsReady ? ExitCodes.Done : ExitCodes.Failed;

        async Task<bool> WaitAsync(RolloutRequest awaited, CancellationToken cancellation) =>
            (rollout = await _wait.WaitAsync(
                context, cluster, awaited.Objects, _output.Console(context), cancellation, awaited.Seen)).IsReady;
    }

    /// <summary>Builds the images that apply is going to need; a step of the pipeline by itself.</summary>
    public async Task<int> BuildImagesAsync(CommandContext context, CancellationToken cancellationToken)
    {
        _built = BuildAsync(ReadEnvironment(context), context.Output, cancellationToken);
        await _built;
        return ExitCodes.Done;
    }

    /// <summary>With --deep, the resources that the named ones depend on are those that were rendered.</summary>
    internal static ChangeScope Scope(RenderSelection selection, IEnumerable<YamlMap> rendered) => selection.Resources.Count == 0
        ? ChangeScope.All
        : new(selection.Resources.Concat(rendered.Select(ResourceSelection.Owner).OfType<string>()).ToHashSet());

    private void ThrowIfOutdated(EnvironmentContext environment)
    {
        if (!environment.Command.Arguments.GetValue(_fromFiles) && environment.FindOutdatedFiles() is { } outdated)
        {
            throw new DistributedApplicationException($"{outdated}, or apply the files as they are with --from-files.");
        }
    }

    /// <summary>
    /// Looks at the cluster while images are built; what is missing there, or wrong in the graph, ends the build.
    /// </summary>
    private async Task<IReadOnlyDictionary<string, string>?> PrepareAsync(
        EnvironmentContext environment, IClusterClient cluster, Task<RenderedEnvironment> rendering, Task checking,
        TextWriter console, CancellationToken cancellationToken)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var look = CheckAsync();
        var build = _built ?? Task.Run(() => BuildAsync(environment, console, both.Token), both.Token);
        try
        {
            await look;
        }
        catch
        {
            await both.CancelAsync();
            await ((Task)build).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return await build;

        async Task CheckAsync()
        {
            await checking;
            await Prerequisite.CheckAsync(cluster, environment.Target.Options, (await rendering).Objects, both.Token);
        }
    }

    /// <summary>A person's own environment gets what the working tree says; all others run what their pins say, in git.</summary>
    private async Task<IReadOnlyDictionary<string, string>?> BuildAsync(
        EnvironmentContext environment, TextWriter console, CancellationToken cancellationToken) =>
        environment.Target.IsPersonal
            ? await _images.BuildAsync(environment, ReadSelection(environment.Command), console, cancellationToken)
            : null;

    /// <summary>Writes what an apply did.</summary>
    internal static async Task WriteAsync(
        CommandContext context, OutputOption output, EnvironmentTarget target, ApplyResult result, RolloutResult? rollout,
        TextWriter console)
    {
        if (output.IsStructured(context))
        {
            await output.WriteAsync(context, DeployJson.Create(target, result, rollout));
            return;
        }

        foreach (var (what, keys) in new (string, IReadOnlyList<ObjectKey>)[]
        {
            ("created", result.Created),
            ("changed", result.Changed),
            ("deleted", result.Deleted),
        })
        {
            foreach (var key in keys)
            {
                await console.WriteLineAsync($"{key} {what}");
            }
        }

        foreach (var leftover in result.Leftovers)
        {
            await console.WriteLineAsync(leftover.ToString());
        }

        await console.WriteLineAsync(
            $"{target.Place}: {result.Created.Count} created, {result.Changed.Count} changed, {result.Deleted.Count} deleted, " +
            $"{result.Unchanged.Count} unchanged.");
    }
}
