using System.Threading.Channels;
using Aspire.Hosting.Pipelines;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Rollout;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>
/// The end of commands that change what runs, with how long it may take: shows how far it is until it works, or says what to look
/// at.
/// </summary>
internal sealed class RolloutWait(string timeout = "5m")
    : DurationOption(
        "--timeout", "Time to wait until everything works: seconds, or 30s, 5m, 2h.", timeout, TimeSpan.FromSeconds(1))
{
    /// <summary>How long to wait.</summary>
    public TimeSpan Timeout(CommandContext context) => Read(context.Arguments)!.Value;

    /// <summary>Waits until the objects work; what was seen of them just now isn't read again.</summary>
    public async Task<RolloutResult> WaitAsync(
        CommandContext context, IClusterClient cluster, IReadOnlyList<YamlMap> objects, TextWriter console,
        CancellationToken cancellationToken,
        IReadOnlyList<YamlMap>? seen = null)
    {
        await using var view = StepRolloutView.For(context, console);
        var result = await new RolloutWaiter(cluster, view, TimeProvider.System)
            .WaitAsync(objects, new() { Timeout = Timeout(context), Seen = seen }, cancellationToken);
        foreach (var line in RolloutLines.End(result))
        {
            await console.WriteLineAsync(line);
        }

        return result;
    }
}

/// <summary>
/// A rollout in a step of the pipeline: a task for each resource that isn't ready at once. Outside of a step, the view that fits
/// the console.
/// </summary>
internal sealed class StepRolloutView : IRolloutView, IAsyncDisposable
{
    private readonly IRolloutView? _console;
    private readonly PipelineStepContext? _step;
    private readonly Channel<RolloutTree> _shown = Channel.CreateUnbounded<RolloutTree>(new() { SingleReader = true });
    private readonly Dictionary<string, (IReportingTask Task, string Text)> _tasks = [];
    private readonly Task _writing;

    private StepRolloutView(IRolloutView? console, PipelineStepContext? step)
    {
        _console = console;
        _step = step;
        _writing = step is null ? Task.CompletedTask : WriteAsync(step);
    }

    public static StepRolloutView For(CommandContext context, TextWriter console) =>
        context.Step is { } step ? new(null, step) : new(RolloutViews.For(console), null);

    public void Show(RolloutTree tree, TimeSpan elapsed)
    {
        _console?.Show(tree, elapsed);
        _shown.Writer.TryWrite(tree);
    }

    public void Report(string line)
    {
        _console?.Report(line);
        _step?.ReportingStep.Log(Microsoft.Extensions.Logging.LogLevel.Information, line);
    }

    public void End() => _console?.End();

    public async ValueTask DisposeAsync()
    {
        _shown.Writer.Complete();
        await _writing;
    }

    private async Task WriteAsync(PipelineStepContext step)
    {
        await foreach (var tree in _shown.Reader.ReadAllAsync())
        {
            foreach (var resource in tree.Resources)
            {
                await WriteAsync(step, resource);
            }
        }

        foreach (var (task, text) in _tasks.Values)
        {
            await task.CompleteAsync(text, CompletionState.CompletedWithError, step.CancellationToken);
        }
    }

    private async Task WriteAsync(PipelineStepContext step, ResourceProgress resource)
    {
        var (name, text) = (RolloutLines.Name(resource), $"{RolloutLines.Name(resource)}: {RolloutLines.Summary(resource)}");
        if (resource.State is RolloutState.Ready or RolloutState.Unknown)
        {
            if (_tasks.Remove(name, out var finished))
            {
                await finished.Task.CompleteAsync(text, cancellationToken: step.CancellationToken);
            }
        }
        else if (!_tasks.TryGetValue(name, out var known))
        {
            _tasks[name] = (await step.ReportingStep.CreateTaskAsync(text, step.CancellationToken), text);
        }
        else if (known.Text != text)
        {
            await known.Task.UpdateAsync(text, step.CancellationToken);
            _tasks[name] = (known.Task, text);
        }
    }
}
