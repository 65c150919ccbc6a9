using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using MonoRepo.Deploy.Cluster;

namespace MonoRepo.Deploy.Logs;

/// <summary>
/// Follows all containers of the pods of a selector, those included that come later: a watch on the pods starts a log for every
/// run of a container. A log whose connection breaks goes on after the last line that it had.
/// </summary>
internal sealed class LogFollower(IClusterClient cluster, TimeProvider time)
{
    // A broken connection is tried again after this; a log that ends with its container is noticed as late.
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, bool> _running = [];
    private readonly Channel<LogLine> _lines = Channel.CreateBounded<LogLine>(1000);

    /// <summary>Lines as they come, until cancelled.</summary>
    /// <param name="selection">How much of what the present containers wrote before; later ones are read from their
    /// start.</param>
    public IAsyncEnumerable<LogLine> FollowAsync(string selector, LogSelection selection, CancellationToken cancellationToken)
    {
        _ = Task.Run(() => RunAsync(selector, selection, cancellationToken), CancellationToken.None);
        return _lines.Reader.ReadAllAsync(CancellationToken.None);
    }

    private async Task RunAsync(string selector, LogSelection selection, CancellationToken cancellationToken)
    {
        var logs = new List<Task>();
        Exception? fault = null;
        try
        {
            var wanted = selection;
            await foreach (var change in cluster.WatchAsync(
                ObjectQuery.OfKinds(ResourceKind.Pod) with { Selector = selector }, cancellationToken))
            {
                if (change.Type == ObjectChangeType.Synced)
                {
                    wanted = LogSelection.All;
                    continue;
                }

                var isGone = change.Type == ObjectChangeType.Deleted;
                foreach (var source in LogSource.Of(new(change.Object)))
                {
                    Start(logs, isGone ? source with { IsRunning = false } : source, wanted, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception exception)
        {
            fault = exception;
        }

        await Task.WhenAll(logs);
        _lines.Writer.Complete(fault);
    }

    private void Start(List<Task> logs, LogSource source, LogSelection selection, CancellationToken cancellationToken)
    {
        var isNew = !_running.ContainsKey(source.Id);
        _running[source.Id] = source.IsRunning;
        if (isNew)
        {
            logs.Add(FollowAsync(source, selection.Of(source) with { Follow = true }, cancellationToken));
        }
    }

    private async Task FollowAsync(LogSource source, LogOptions logs, CancellationToken cancellationToken)
    {
        var last = "";
        try
        {
            do
            {
                last = await ReadAsync(source, logs, last, cancellationToken);
                await Task.Delay(s_again, time, cancellationToken);
                if (DateTimeOffset.TryParse(last, CultureInfo.InvariantCulture, out var at))
                {
                    logs = logs with { Tail = null, Since = time.GetUtcNow() - at + s_again };
                }
            }
            while (_running[source.Id]);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task<string> ReadAsync(LogSource source, LogOptions logs, string before, CancellationToken cancellationToken)
    {
        var last = before;
        try
        {
            await foreach (var text in cluster.LogsAsync(logs, cancellationToken))
            {
                var line = LogLine.Parse(source, text);
                if (string.CompareOrdinal(line.Time, before) > 0)
                {
                    last = line.Time;
                    await _lines.Writer.WriteAsync(line, cancellationToken);
                }
            }
        }
        catch (ClusterException)
        {
            // The pod went, or the connection did; the watch says which.
        }

        return last;
    }
}
