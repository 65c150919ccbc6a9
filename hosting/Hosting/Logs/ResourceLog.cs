using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>The log of one instance: a ring of lines, and who watches it.</summary>
internal sealed class ResourceLog(Action<bool> watchedChanged)
{
    private const int Capacity = 10_000;

    private readonly Lock _gate = new();
    private readonly Queue<(string Content, bool IsError)> _lines = new();
    private readonly List<ChannelWriter<(string Content, bool IsError)>> _watchers = [];

    internal bool HasWatchers
    {
        get
        {
            lock (_gate)
            {
                return _watchers.Count > 0;
            }
        }
    }

    internal void Append(string content, bool isError)
    {
        lock (_gate)
        {
            if (_lines.Count == Capacity)
            {
                _lines.Dequeue();
            }

            _lines.Enqueue((content, isError));
            foreach (var watcher in _watchers)
            {
                watcher.TryWrite((content, isError));
            }
        }
    }

    internal void Clear()
    {
        lock (_gate)
        {
            _lines.Clear();
        }
    }

    internal void Complete()
    {
        lock (_gate)
        {
            foreach (var watcher in _watchers)
            {
                watcher.TryComplete();
            }
        }
    }

    internal async IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync()
    {
        var number = 0;
        LogLine[] all;
        lock (_gate)
        {
            all = [.. _lines.Select(l => new LogLine(++number, l.Content, l.IsError))];
        }

        await Task.CompletedTask.ConfigureAwait(false);
        yield return all;
    }

    /// <param name="closing">Ends every watch.</param>
    /// <param name="cancellationToken">Ends this watch.</param>
    internal async IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(
        CancellationToken closing,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(closing, cancellationToken);
        var channel = Channel.CreateUnbounded<(string Content, bool IsError)>(new UnboundedChannelOptions { SingleReader = true });
        Add(channel.Writer);
        try
        {
            var number = 0;
            while (await channel.Reader.WaitToReadAsync(linked.Token).ConfigureAwait(false))
            {
                var batch = new List<LogLine>();
                while (channel.Reader.TryRead(out var line))
                {
                    batch.Add(new LogLine(++number, line.Content, line.IsError));
                }

                yield return batch;
            }
        }
        finally
        {
            Remove(channel.Writer);
        }
    }

    private void Add(ChannelWriter<(string Content, bool IsError)> watcher)
    {
        bool first;
        lock (_gate)
        {
            foreach (var line in _lines)
            {
                watcher.TryWrite(line);
            }

            _watchers.Add(watcher);
            first = _watchers.Count == 1;
        }

        if (first)
        {
            watchedChanged(true);
        }
    }

    private void Remove(ChannelWriter<(string Content, bool IsError)> watcher)
    {
        bool last;
        lock (_gate)
        {
            last = _watchers.Remove(watcher) && _watchers.Count == 0;
        }

        if (last)
        {
            watchedChanged(false);
        }
    }
}
