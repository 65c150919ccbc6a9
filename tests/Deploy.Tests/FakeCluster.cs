using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Tests.Deploy;

/// <summary>
/// A namespace in memory: objects with versions, watches, scripted logs and commands. What controllers do is up to the test.
/// </summary>
internal sealed class FakeCluster : IClusterClient
{
    private readonly Dictionary<ObjectKey, YamlMap> _objects = [];
    private readonly List<(ObjectQuery Query, Channel<ObjectChange> Changes)> _watches = [];
    private readonly Queue<IReadOnlyList<YamlMap>> _states = [];
    private readonly Dictionary<string, Queue<string[]>> _logs = [];
    private readonly Lock _lock = new();
    private int _version = 100;

    public ClusterTarget Target { get; init; } = new("here", "jane");

    /// <summary>What was called, in order: <c>apply Deployment/a ConfigMap/b</c>.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>Runs before a call does its work; throws to let it fail.</summary>
    public Action<string> Before { get; set; } = _ => { };

    /// <summary>Runs after a call has done its work; throws to lose its answer.</summary>
    public Action<string> After { get; set; } = _ => { };

    /// <summary>What controllers do once an object has been applied.</summary>
    public Action<YamlMap> Applied { get; set; } = _ => { };

    /// <summary>What commands in containers do.</summary>
    public Func<ExecRequest, ExecResult> Exec { get; set; } = _ => throw new NotSupportedException();

    /// <summary>What answers at a pod's port.</summary>
    public Func<string, int, PodPort> Forward { get; set; } = (_, _) => throw new NotSupportedException();

    /// <summary>Kinds that may not be read.</summary>
    public HashSet<ResourceKind> Forbidden { get; } = [];

    /// <summary>Logs that were asked for.</summary>
    public List<LogOptions> AskedLogs { get; } = [];

    public IEnumerable<ObjectKey> Keys => _objects.Keys;

    public YamlMap this[ObjectKey key] => _objects[key];

    public FakeCluster With(params IEnumerable<YamlMap> objects)
    {
        foreach (var one in objects)
        {
            Store(one);
        }

        return this;
    }

    /// <summary>
    /// States that the namespace goes through, one after the other, whenever somebody who watches has seen all of the present
    /// one.
    /// </summary>
    public FakeCluster Then(params IEnumerable<IReadOnlyList<YamlMap>> states)
    {
        states.ToList().ForEach(_states.Enqueue);
        return this;
    }

    /// <summary>The lines of the next log that is asked of a pod; the log then breaks, or has ended.</summary>
    public FakeCluster WithLog(string pod, params string[] lines)
    {
        lock (_lock)
        {
            (_logs.TryGetValue(pod, out var known) ? known : _logs[pod] = new()).Enqueue(lines);
        }

        return this;
    }

    public void Remove(ObjectKey key)
    {
        lock (_lock)
        {
            if (_objects.Remove(key, out var one))
            {
                Tell(ObjectChangeType.Deleted, one);
            }
        }
    }

    public Task<string> ServerVersionAsync(CancellationToken cancellationToken) => Task.FromResult("v1.36.0");

    public Task<IReadOnlyList<YamlMap>> GetAsync(ObjectQuery query, CancellationToken cancellationToken) => Call("get", () =>
    {
        Readable(query, query.Objects.Select(o => o.ResourceKind));
        return (IReadOnlyList<YamlMap>)[
            .. _objects.Where(o => query.Objects.Contains(o.Key) || Is(query, o.Key)).Select(o => (YamlMap)o.Value.Clone()),
        ];
    });

    public async IAsyncEnumerable<ObjectChange> WatchAsync(
        ObjectQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var changes = Channel.CreateUnbounded<ObjectChange>();
        IReadOnlyList<YamlMap> there;
        lock (_lock)
        {
            Before("watch");
            Readable(query, []);
            there = [.. _objects.Where(o => Is(query, o.Key)).Select(o => (YamlMap)o.Value.Clone())];
            _watches.Add((query, changes));
            After("watch");
        }

        foreach (var one in there)
        {
            yield return new(ObjectChangeType.Added, one);
        }

        yield return new(ObjectChangeType.Synced, []);
        while (true)
        {
            while (changes.Reader.TryRead(out var change))
            {
                yield return change;
            }

            await Task.Delay(1, cancellationToken);
            if (!changes.Reader.TryPeek(out _) && query.Kinds.Count > 1 && _states.TryDequeue(out var next))
            {
                Become(next);
            }
        }
    }

    public Task<IReadOnlyList<AppliedObject>> ApplyAsync(
        IReadOnlyList<YamlMap> objects, ApplyOptions options, CancellationToken cancellationToken)
    {
        if (objects.Count == 0)
        {
            return Task.FromResult<IReadOnlyList<AppliedObject>>([]);
        }

        var what = options.DryRun
            ? "dry-run"
            : options.Manager == ApplyOptions.FieldManager ? options.ForceConflicts ? "apply!" : "apply" : options.Manager;
        return Call($"{what} {string.Join(' ', objects.Select(Short))}", () =>
            (IReadOnlyList<AppliedObject>)[.. objects.Select(o => Apply(o, options))]);
    }

    public Task<YamlMap> CreateAsync(YamlMap one, CancellationToken cancellationToken) => Call(
        $"create {Short(one)}",
        () => _objects.ContainsKey(ObjectKey.Of(one))
            ? throw new ClusterException(ClusterErrorReason.AlreadyExists, "exists")
            : Store(one));

    public Task<YamlMap> ReplaceAsync(YamlMap one, CancellationToken cancellationToken) => Call($"replace {Short(one)}", () =>
    {
        var there = _objects.GetValueOrDefault(ObjectKey.Of(one))
            ?? throw new ClusterException(ClusterErrorReason.NotFound, "gone");
        return there.Map("metadata")!.Text("resourceVersion") == one.Map("metadata")!.Text("resourceVersion")
            ? Store(one)
            : throw new ClusterException(ClusterErrorReason.Conflict, "somebody else wrote");
    });

    public Task DeleteAsync(IReadOnlyList<ObjectKey> objects, DeleteOptions options, CancellationToken cancellationToken) =>
        objects.Count == 0
        ? Task.CompletedTask
        : Call($"{(options.Orphan ? "orphan" : "delete")} {string.Join(' ', objects.Select(o => $"{o.Kind}/{o.Name}"))}", () =>
        {
            objects.ToList().ForEach(Remove);
            return true;
        });

    /// <summary>Merge patches of maps, as the server does them.</summary>
    public Task<YamlMap> PatchAsync(ObjectKey one, ObjectPatch patch, CancellationToken cancellationToken) =>
        Call($"patch {one.Kind}/{one.Name}", () =>
    {
        var there = (YamlMap)(_objects.GetValueOrDefault(one) ?? throw new ClusterException(ClusterErrorReason.NotFound, "gone"))
            .Clone();
        if (patch.Type == "merge")
        {
            Merge(there, JsonNodes.ReadObjects(patch.Json)[0]);
        }

        return Store(there);
    });

    public async IAsyncEnumerable<string> LogsAsync(LogOptions logs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        string[] lines;
        lock (_lock)
        {
            AskedLogs.Add(logs);
            lines = _logs.GetValueOrDefault(logs.Pod)?.TryDequeue(out var next) == true ? next : [];
        }

        foreach (var line in lines)
        {
            yield return line;
        }
    }

    public Task<ExecResult> ExecAsync(ExecRequest exec, CancellationToken cancellationToken) =>
        Call($"exec {exec.Pod} {string.Join(' ', exec.Command)}", () => Exec(exec));

    public Task<PodPort> ForwardAsync(string pod, int port, CancellationToken cancellationToken) =>
        Call($"forward {pod}:{port}", () => Forward(pod, port));

    private static string Short(YamlMap one) => $"{one.Text("kind")}/{one.Map("metadata")!.Text("name")}";

    private static bool Is(ObjectQuery query, ObjectKey key) => query.Kinds.Contains(key.ResourceKind);

    private static void Merge(YamlMap into, YamlMap patch)
    {
        foreach (var (key, value) in patch)
        {
            if (value is YamlMap map)
            {
                into[key] ??= new YamlMap();
                Merge(into.Map(key)!, map);
            }
            else
            {
                into[key] = value is YamlScalar { Kind: YamlScalarKind.Null } ? null : value;
            }
        }
    }

    private void Readable(ObjectQuery query, IEnumerable<ResourceKind> more)
    {
        foreach (var kind in query.Kinds.Concat(more).Where(Forbidden.Contains).Distinct())
        {
            var error = new ClusterError(ClusterErrorReason.Forbidden, $"{kind} is forbidden");
            (query.Unreadable ?? ((_, _) => throw new ClusterException([error])))(kind, error);
        }
    }

    private Task<T> Call<T>(string call, Func<T> work)
    {
        try
        {
            lock (_lock)
            {
                Before(call);
                Calls.Add(call);
                var result = work();
                After(call);
                return Task.FromResult(result);
            }
        }
        catch (Exception exception) when (exception is ClusterException or OperationCanceledException)
        {
            return Task.FromException<T>(exception);
        }
    }

    private AppliedObject Apply(YamlMap one, ApplyOptions options)
    {
        var isNew = !_objects.ContainsKey(ObjectKey.Of(one));
        if (options.DryRun)
        {
            return new((YamlMap)one.Clone(), isNew);
        }

        var stored = Unchanged(one) ?? Store(one);
        Applied(one);
        return new((YamlMap)stored.Clone(), isNew);
    }

    private YamlMap? Unchanged(YamlMap wanted)
    {
        if (!_objects.TryGetValue(ObjectKey.Of(wanted), out var there))
        {
            return null;
        }

        var same = (YamlMap)there.Clone();
        same.Map("metadata")!["resourceVersion"] = null;
        return YamlNode.DeepEquals(same, wanted) ? there : null;
    }

    private void Become(IReadOnlyList<YamlMap> state)
    {
        lock (_lock)
        {
            var keys = state.Select(ObjectKey.Of).ToHashSet();
            _objects.Keys.Where(k => !keys.Contains(k)).ToList().ForEach(Remove);
            With(state);
        }
    }

    private YamlMap Store(YamlMap one)
    {
        lock (_lock)
        {
            var stored = (YamlMap)one.Clone();
            stored["metadata"] ??= new YamlMap();
            stored.Map("metadata")!["resourceVersion"] = new YamlScalar((++_version).ToString(CultureInfo.InvariantCulture));
            var isNew = !_objects.ContainsKey(ObjectKey.Of(one));
            _objects[ObjectKey.Of(one)] = stored;
            Tell(isNew ? ObjectChangeType.Added : ObjectChangeType.Modified, stored);
            return stored;
        }
    }

    private void Tell(ObjectChangeType type, YamlMap one)
    {
        foreach (var (_, changes) in _watches.Where(w => Is(w.Query, ObjectKey.Of(one))))
        {
            changes.Writer.TryWrite(new(type, (YamlMap)one.Clone()));
        }
    }
}
