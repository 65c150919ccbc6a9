using System.Threading.Channels;

namespace MonoRepo.Deploy.Cluster;

/// <summary>A namespace that is kept up to date by watches.</summary>
internal sealed class ClusterView(IClusterClient cluster, TimeProvider time) : IAsyncDisposable
{
    // Changes come in bursts: those of a moment are seen together.
    private static readonly TimeSpan s_burst = TimeSpan.FromMilliseconds(50);

    private readonly Channel<bool> _changed =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Dictionary<ObjectKey, LiveObject> _objects = [];
    private readonly Dictionary<ObjectKey, LiveEvent> _events = [];
    private readonly List<IAsyncEnumerator<ObjectChange>> _idle = [];
    private readonly List<Task> _following = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();

    /// <summary>Reads what there is of some kinds.</summary>
    public async Task OpenAsync(ObjectQuery query, CancellationToken cancellationToken)
    {
        using var registered = cancellationToken.Register(_stop.Cancel);
        var changes = cluster.WatchAsync(query, _stop.Token).GetAsyncEnumerator(CancellationToken.None);
        _idle.Add(changes);
        while (await changes.MoveNextAsync() && changes.Current.Type != ObjectChangeType.Synced)
        {
            Take(changes.Current);
        }
    }

    /// <summary>From now on, what was opened is followed.</summary>
    public void Follow()
    {
        _following.AddRange(_idle.Select(i => Task.Run(() => FollowAsync(i))));
        _idle.Clear();
    }

    /// <summary>Waits until something has changed, or the time is over.</summary>
    /// <exception cref="ClusterException">The cluster can't be watched any more.</exception>
    public async Task<bool> ChangedAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var changed = _changed.Reader.WaitToReadAsync(limit.Token).AsTask();
        await Task.WhenAny(changed, Task.Delay(atMost, time, limit.Token));
        var isChanged = changed.IsCompleted;
        if (isChanged)
        {
            await changed;
            await Task.Delay(s_burst < atMost ? s_burst : atMost, time, cancellationToken);
            _changed.Reader.TryRead(out _);
        }

        await limit.CancelAsync();
        await ((Task)changed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return isChanged;
    }

    /// <summary>The namespace at this moment.</summary>
    public ClusterSnapshot Snapshot()
    {
        lock (_lock)
        {
            return new([.. _objects.Values], [.. _events.Values.OrderBy(e => e.Last)], time.GetUtcNow());
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_following).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var idle in _idle)
        {
            await idle.DisposeAsync();
        }

        _stop.Dispose();
    }

    private async Task FollowAsync(IAsyncEnumerator<ObjectChange> changes)
    {
        await using var opened = changes;
        try
        {
            while (await changes.MoveNextAsync())
            {
                Take(changes.Current);
                _changed.Writer.TryWrite(true);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _changed.Writer.TryComplete(exception);
        }
    }

    private void Take(ObjectChange change)
    {
        if (change.Type == ObjectChangeType.Synced)
        {
            return;
        }

        lock (_lock)
        {
            var key = ObjectKey.Of(change.Object);
            switch (change.Type, key.Kind)
            {
                case (ObjectChangeType.Deleted, "Event"):
                    _events.Remove(key);
                    break;
                case (ObjectChangeType.Deleted, _):
                    _objects.Remove(key);
                    break;
                case (_, "Event"):
                    _events[key] = LiveEvent.Of(change.Object);
                    break;
                default:
                    _objects[key] = new(change.Object);
                    break;
            }
        }
    }
}
