using System.CommandLine;
using System.Diagnostics;
using Aspire.Hosting;
using MonoRepo.Deploy.Activity;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Operations;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Restarts resources pod by pod, and waits until they work again.</summary>
internal sealed class RestartCommand : EnvironmentCommand
{
    private readonly RolloutWait _wait = new();

    public RestartCommand()
        : base("restart", "Restart resources pod by pod, and wait until they work.", hasResources: true, hasDeep: true)
    {
        Add(_wait);
    }

    protected override Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken) =>
        Interruption.RunAsync(context, RestartAsync, cancellationToken);

    private async Task<int> RestartAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var environment = ReadEnvironment(context);
        var target = environment.Target;
        var objects = environment.Render(ReadSelection(context)).Objects;
        var workloads = WorkloadRestart.Among(objects);
        if (workloads.Count == 0)
        {
            throw new DistributedApplicationException(
                "None of these resources has a Deployment or StatefulSet that could be restarted.");
        }

        using var cluster = environment.Connect();
        var (at, start) = (DateTimeOffset.UtcNow, Stopwatch.GetTimestamp());
        var restarted = await new WorkloadRestart(cluster, TimeProvider.System).RestartAsync(workloads, cancellationToken);
        foreach (var one in workloads)
        {
            await context.Output.WriteLineAsync(restarted.Contains(one)
                ? $"{one} restarts"
                : $"{one} isn't there; `apply {target.Options}` creates it");
        }

        var awaited = objects.Where(o => o.Text("kind") == "NetworkPolicy" || restarted.Contains(ObjectKey.Of(o))).ToList();
        try
        {
            var result = await _wait.WaitAsync(context, cluster, awaited, context.Output, cancellationToken);
            await RecordAsync(result.IsReady ? ActivityEntry.Done : ActivityEntry.Failed, null);
            return result.IsReady && restarted.Count > 0 ? ExitCodes.Done : ExitCodes.Failed;
        }
        catch (OperationCanceledException)
        {
            await RecordAsync(ActivityEntry.Failed, "interrupted");
            throw;
        }

        Task RecordAsync(string result, string? note) => restarted.Count == 0
            ? Task.CompletedTask
            : environment.Activity(cluster).RecordAsync(new(at, "restart", result)
            {
                Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
                Resources = [.. restarted.Select(o => o.Name).Order(StringComparer.Ordinal)],
                Note = note,
            });
    }
}
