using System.Runtime.CompilerServices;
using MonoRepo.Deploy.Cluster;

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
