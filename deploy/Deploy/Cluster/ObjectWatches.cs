using System.Runtime.CompilerServices;
using System.Threading.Channels;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Cluster;

/// <summary>
/// Watches several kinds at once. Each goes on from the version that it has seen last, also over a broken connection; where the
/// server has forgotten that version, the kind is listed again and compared with what was known.
/// </summary>
/// <param name="watch">The changes of a kind since a version, until the server ends it.</param>
internal sealed class ObjectWatches(
    ObjectQuery query,
    Func<ResourceKind, CancellationToken, Task<ObjectList>> list,
    Func<ResourceKind, string, CancellationToken, IAsyncEnumerable<(string Type, YamlMap Object)>> watch,
    TimeProvider time) : IAsyncDisposable
{
    /// <summary>How long a server may be away before the watch fails.</summary>
    private static readonly TimeSpan s_away = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan s_again = TimeSpan.FromMilliseconds(500);

    private readonly Channel<ObjectChange> _changes = Channel.CreateUnbounded<ObjectChange>(new() { SingleReader = true });
    private readonly Dictionary<ResourceKind, Kind> _kinds = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];
    private readonly Lock _told = new();
    private bool _isTold;

    /// <summary>Whether an error means that a kind can't be read, and that is no error to who asks.</summary>
    public static bool IsUnreadable(ObjectQuery query, ClusterException exception) =>
        query.Unreadable is not null
        && exception.Errors.All(e => e.Reason is ClusterErrorReason.Forbidden or ClusterErrorReason.UnknownKind);

    /// <summary>Lists all kinds.</summary>
    public async Task<IReadOnlyList<ObjectChange>> StartAsync(CancellationToken cancellationToken)
    {
        var changes = new List<ObjectChange>();
        var lists = await Task.WhenAll(query.Kinds.Distinct().Select(
            async k => (Kind: k, List: await FirstAsync(k, cancellationToken))));
        foreach (var (kind, found) in lists.Where(l => l.List is not null))
        {
            _kinds[kind] = new(found!.Version);
            changes.AddRange(_kinds[kind].Replace(found));
        }

        changes.Add(new(ObjectChangeType.Synced, []));
        return changes;
    }

    /// <summary>All changes since.</summary>
    public async IAsyncEnumerable<ObjectChange> GoOnAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var registered = cancellationToken.Register(_stop.Cancel);
        _running.AddRange(_kinds.Select(k => Task.Run(() => FollowAsync(k.Key, k.Value, _stop.Token), CancellationToken.None)));
        await foreach (var change in _changes.Reader.ReadAllAsync(cancellationToken))
        {
            yield return change;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        _stop.Dispose();
    }

    private async Task<ObjectList?> FirstAsync(ResourceKind kind, CancellationToken cancellationToken)
    {
        try
        {
            return await list(kind, cancellationToken);
        }
        catch (ClusterException exception) when (IsUnreadable(query, exception))
        {
            query.Unreadable!(kind, exception.Errors[0]);
            return null;
        }
    }

    private async Task FollowAsync(ResourceKind kind, Kind known, CancellationToken cancellationToken)
    {
        long? brokenSince = null;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (known.Version is null)
                {
                    var found = await list(kind, cancellationToken);
                    Write(known.Replace(found));
                    known.Version = found.Version;
                }

                await foreach (var (type, one) in watch(kind, known.Version, cancellationToken))
                {
                    (brokenSince, known.Version) = (null, one.TextAt("metadata", "resourceVersion") ?? known.Version);
                    _isTold = false;
                    Write(known.Change(type, one));
                }

                // The server ends a watch now and then.
                await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (ClusterException exception) when (exception.Reason == ClusterErrorReason.Expired)
            {
                known.Version = null;
            }
            catch (ClusterException exception)
                when (IsAway(exception) && time.GetElapsedTime(brokenSince ??= time.GetTimestamp()) < s_away)
            {
                Tell(exception);
                await Task.Delay(s_again, time, CancellationToken.None);
            }
            catch (Exception exception)
            {
                _changes.Writer.TryComplete(exception);
                return;
            }
        }
    }

    private static bool IsAway(ClusterException exception) =>
        exception.Reason is ClusterErrorReason.Unreachable or ClusterErrorReason.Timeout or ClusterErrorReason.Overloaded
        or ClusterErrorReason.Other;

    // All watches break at the same time.
    private void Tell(ClusterException exception)
    {
        lock (_told)
        {
            if (!_isTold)
            {
                _isTold = true;
                query.Interrupted?.Invoke($"{exception.Errors[0].Message} Trying again.");
            }
        }
    }

    private void Write(IEnumerable<ObjectChange> changes)
    {
        foreach (var change in changes)
        {
            _changes.Writer.TryWrite(change);
        }
    }

    /// <summary>What is known of a kind.</summary>
    private sealed class Kind(string? version)
    {
        private readonly Dictionary<string, YamlMap> _objects = [];

        /// <summary>From which the watch goes on; null: it is to be listed again.</summary>
        public string? Version { get; set; } = version;

        public IEnumerable<ObjectChange> Replace(ObjectList found)
        {
            var names = found.Items.Select(Name).ToHashSet();
            foreach (var gone in _objects.Where(o => !names.Contains(o.Key)).ToList())
            {
                _objects.Remove(gone.Key);
                yield return new(ObjectChangeType.Deleted, gone.Value);
            }

            foreach (var one in found.Items)
            {
                var before = _objects.GetValueOrDefault(Name(one));
                _objects[Name(one)] = one;
                if (before?.TextAt("metadata", "resourceVersion") is not { } version
                    || version != one.TextAt("metadata", "resourceVersion"))
                {
                    yield return new(before is null ? ObjectChangeType.Added : ObjectChangeType.Modified, one);
                }
            }
        }

        public IEnumerable<ObjectChange> Change(string type, YamlMap one)
        {
            switch (type)
            {
                case "ADDED" or "MODIFIED":
                    _objects[Name(one)] = one;
                    return [new(type == "ADDED" ? ObjectChangeType.Added : ObjectChangeType.Modified, one)];
                case "DELETED":
                    _objects.Remove(Name(one));
                    return [new(ObjectChangeType.Deleted, one)];
                default:
                    // BOOKMARK: a version, without an object.
                    return [];
            }
        }

        private static string Name(YamlMap one) => $"{one.TextAt("metadata", "namespace")}/{one.TextAt("metadata", "name")}";
    }
}
