using System.Threading.Channels;
using Aspire.Hosting.Pipelines;
using MonoRepo.Deploy.Rollout;

namespace MonoRepo.Hosting.Kubernetes.Commands;

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
