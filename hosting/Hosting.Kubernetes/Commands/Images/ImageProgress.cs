using System.Threading.Channels;
using Aspire.Hosting.Pipelines;
using MonoRepo.Deploy.Images;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>How far images are: lines of text, or a task each in a step of the pipeline.</summary>
internal sealed class ImageProgress : IAsyncDisposable
{
    private readonly Channel<ImageReport> _reports = Channel.CreateUnbounded<ImageReport>(new() { SingleReader = true });
    private readonly Task _writing;

    private ImageProgress(Func<ImageReport, Task> write) => _writing = WriteAsync(write);

    public static ImageProgress For(CommandContext context, TextWriter output)
    {
        if (context.Step is not { } step)
        {
            return new(r => output.WriteLineAsync($"{r.Image}: {Text(r)}"));
        }

        var tasks = new Dictionary<string, IReportingTask>();
        return new(async report =>
        {
            if (!tasks.TryGetValue(report.Image, out var task))
            {
                tasks[report.Image] = task = await step.ReportingStep.CreateTaskAsync(report.Image, step.CancellationToken);
            }

            var text = $"{report.Image}: {Text(report)}";
            await (report.Digest is null
                ? task.UpdateAsync(text, step.CancellationToken)
                : task.CompleteAsync(text, cancellationToken: step.CancellationToken));
        });
    }

    /// <summary>Takes a report, from any thread.</summary>
    public void Report(ImageReport report) => _reports.Writer.TryWrite(report);

    public async ValueTask DisposeAsync()
    {
        _reports.Writer.Complete();
        await _writing;
    }

    private static string Text(ImageReport report) => report.Step switch
    {
        ImageStep.Waiting => "waiting for another build of this repository",
        ImageStep.Building => "building",
        ImageStep.Pushed => $"pushed {PinChange.Short(report.Digest)}",
        _ => $"unchanged {PinChange.Short(report.Digest)}",
    };

    private async Task WriteAsync(Func<ImageReport, Task> write)
    {
        await foreach (var report in _reports.Reader.ReadAllAsync())
        {
            await write(report);
        }
    }
}
