using System.Runtime.CompilerServices;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;

namespace MonoRepo.Deploy.Logs;

/// <summary>Reads what the pods of a selector have written until now, in the order of time.</summary>
internal sealed class LogReader(IClusterClient cluster)
{
    /// <summary>Runs of containers that there are.</summary>
    public async Task<IReadOnlyList<LogSource>> SourcesAsync(string selector, CancellationToken cancellationToken) =>
    [
        .. (await cluster.GetAsync(ObjectQuery.OfKinds(ResourceKind.Pod) with { Selector = selector }, cancellationToken))
            .SelectMany(p => LogSource.Of(new(p))),
    ];

    /// <summary>
    /// All their lines. Each log is in order already: the earliest of the next lines comes next, and nothing piles up in memory.
    /// </summary>
    public async IAsyncEnumerable<LogLine> ReadAsync(
        IReadOnlyList<LogSource> sources, LogSelection selection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = new PriorityQueue<(IAsyncEnumerator<LogLine> Log, LogLine Line), (string Time, int Order)>();
        var logs = sources.Select(s => ReadAsync(s, selection, cancellationToken).GetAsyncEnumerator(cancellationToken)).ToList();
        try
        {
            foreach (var (order, log) in logs.Index())
            {
                await EnqueueAsync(next, log, order);
            }

            while (next.TryDequeue(out var earliest, out var priority))
            {
                yield return earliest.Line;
                await EnqueueAsync(next, earliest.Log, priority.Order);
            }
        }
        finally
        {
            foreach (var log in logs)
            {
                await log.DisposeAsync();
            }
        }
    }

    private static async Task EnqueueAsync(
        PriorityQueue<(IAsyncEnumerator<LogLine> Log, LogLine Line), (string Time, int Order)> next,
        IAsyncEnumerator<LogLine> log, int order)
    {
        if (await log.MoveNextAsync())
        {
            next.Enqueue((log, log.Current), (log.Current.Time, order));
        }
    }

    private async IAsyncEnumerable<LogLine> ReadAsync(
        LogSource source, LogSelection selection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in cluster.LogsAsync(selection.Of(source), cancellationToken))
        {
            yield return LogLine.Parse(source, line);
        }
    }
}

/// <summary>One run of a container. After a restart it is another one, with a log of its own.</summary>
/// <param name="Id">The run: <c>containerd://64ac…</c>.</param>
/// <param name="IsOnly">Whether the pod has no other container.</param>
internal sealed record LogSource(string Pod, string Container, string Id, bool IsOnly, bool IsRunning)
{
    /// <summary>What its lines start with.</summary>
    public string Prefix => IsOnly ? Pod : $"{Pod}/{Container}";

    /// <summary>The latest runs of a pod's containers; those that never started have none.</summary>
    public static IReadOnlyList<LogSource> Of(LiveObject pod)
    {
        var statuses = pod.ContainerStatuses.ToList();
        return
        [
            .. statuses.Where(s => s.Text("containerID") is { Length: > 0 })
                .Select(s => new LogSource(pod.Name, s.Text("name") ?? "", s.Text("containerID")!, statuses.Count == 1, s.At(
                    "state", "running") is not null)),
        ];
    }
}

/// <summary>A line that a container wrote.</summary>
/// <param name="Time">When, as the kubelet noted it: <c>2026-11-21T14:00:00.123456789Z</c>, comparable as text.</param>
internal sealed record LogLine(LogSource Source, string Time, string Text)
{
    /// <summary>Splits what the API server sends with <c>timestamps=true</c>.</summary>
    public static LogLine Parse(LogSource source, string line)
    {
        var end = line.IndexOf(' ', StringComparison.Ordinal);
        return end < 0 ? new(source, line, "") : new(source, line[..end], line[(end + 1)..]);
    }
}

/// <summary>How much of what was written before.</summary>
/// <param name="Tail">Lines of each container from the end; null: all.</param>
/// <param name="Since">What was written since; null: all.</param>
internal sealed record LogSelection(int? Tail, TimeSpan? Since)
{
    /// <summary>Everything.</summary>
    public static readonly LogSelection All = new(null, null);

    internal LogOptions Of(LogSource source) =>
        new(source.Pod, source.Container) { Tail = Tail, Since = Since, Timestamps = true };
}
