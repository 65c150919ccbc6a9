using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using MonoRepo.Hosting;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The logs of resources: the last 10 000 lines of every instance.</summary>
public class ResourceLoggerService : IDisposable
{
    private readonly ConcurrentDictionary<string, ResourceLog> _logs = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<ChannelWriter<LogSubscriber>, bool> _subscriberWatchers = [];
    private readonly CancellationTokenSource _disposing = new();

    /// <summary>Writes to the logs of all instances of a resource.</summary>
    public ILogger GetLogger(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return new ResourceLogger([.. resource.GetInstanceNames().Select(Get)]);
    }

    /// <summary>Writes to the log of an instance.</summary>
    public ILogger GetLogger(string resourceName)
    {
        ArgumentNullException.ThrowIfNull(resourceName);
        return new ResourceLogger([Get(resourceName)]);
    }

    /// <summary>The lines so far, then every new one; ends when the log is completed.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource) => Merge(resource, WatchAsync);

    /// <summary>The lines so far, then every new one; ends when the log is completed.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) => Get(resourceName).WatchAsync(_disposing.Token);

    /// <summary>The lines so far.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(IResource resource) => Merge(resource, GetAllAsync);

    /// <summary>The lines so far.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(string resourceName) => Get(resourceName).GetAllAsync();

    /// <summary>Whose log somebody begins or ceases to watch.</summary>
    public async IAsyncEnumerable<LogSubscriber> WatchAnySubscribersAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(_disposing.Token, cancellationToken);
        var channel = Channel.CreateUnbounded<LogSubscriber>();
        _subscriberWatchers[channel.Writer] = true;
        try
        {
            foreach (var (name, log) in _logs)
            {
                if (log.HasWatchers)
                {
                    channel.Writer.TryWrite(new LogSubscriber(name, AnySubscribers: true));
                }
            }

            await foreach (var change in channel.Reader.ReadAllAsync(linked.Token).ConfigureAwait(false))
            {
                yield return change;
            }
        }
        finally
        {
            _subscriberWatchers.TryRemove(channel.Writer, out _);
        }
    }

    /// <summary>Ends the logs of a resource: who watches them comes to an end.</summary>
    public void Complete(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        foreach (var name in resource.GetInstanceNames())
        {
            Complete(name);
        }
    }

    /// <summary>Ends the log of an instance: who watches it comes to an end.</summary>
    public void Complete(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (_logs.TryGetValue(name, out var log))
        {
            log.Complete();
        }
    }

    /// <summary>Forgets the lines of an instance.</summary>
    public void ClearBacklog(string resourceName)
    {
        ArgumentException.ThrowIfNullOrEmpty(resourceName);
        Get(resourceName).Clear();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _disposing.Cancel();
        GC.SuppressFinalize(this);
    }

    internal ResourceLog Get(string name) => _logs.GetOrAdd(name, static (name, service) => new ResourceLog(watched =>
    {
        foreach (var watcher in service._subscriberWatchers.Keys)
        {
            watcher.TryWrite(new LogSubscriber(name, watched));
        }
    }), this);

    private static IAsyncEnumerable<IReadOnlyList<LogLine>> Merge(
        IResource resource,
        Func<string, IAsyncEnumerable<IReadOnlyList<LogLine>>> read)
    {
        ArgumentNullException.ThrowIfNull(resource);
        var names = resource.GetInstanceNames();
        return names.Count == 1 ? read(names[0]) : All(names, read);
    }

    private static async IAsyncEnumerable<IReadOnlyList<LogLine>> All(
        IReadOnlyList<string> names,
        Func<string, IAsyncEnumerable<IReadOnlyList<LogLine>>> read,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var channel = Channel.CreateUnbounded<IReadOnlyList<LogLine>>();
        var readers = Task.WhenAll(names.Select(async name =>
        {
            await foreach (var batch in read(name).WithCancellation(stop.Token).ConfigureAwait(false))
            {
                channel.Writer.TryWrite(batch);
            }
        }));
        _ = readers.ContinueWith(done => channel.Writer.TryComplete(done.Exception?.InnerException), TaskScheduler.Default);
        try
        {
            await foreach (var batch in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return batch;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
        }
    }
}
