using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Tests.Deploy;

/// <summary>A cluster of one namespace in memory, as far as an apply sees it: versions, replaced by version, ignored when not found.</summary>
internal sealed class FakeKubectl : IKubectl
{
    private readonly Dictionary<ObjectKey, YamlMap> _objects = [];
    private int _version = 100;

    public KubectlTarget Target { get; } = new("here", "jane");

    public string? Context { get; init; } = "here";

    /// <summary>What was called, in order: <c>apply Deployment/a ConfigMap/b</c>.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>Runs before a call is answered; throws to let it fail.</summary>
    public Action<string> Before { get; set; } = _ => { };

    public IEnumerable<ObjectKey> Keys => _objects.Keys;

    public YamlMap this[ObjectKey key] => _objects[key];

    public FakeKubectl With(params IEnumerable<YamlMap> objects)
    {
        foreach (var one in objects)
        {
            Store(one);
        }

        return this;
    }

    public Task<string?> CurrentContextAsync(CancellationToken cancellationToken) => Task.FromResult(Context);

    public Task<KubectlVersion> VersionAsync(CancellationToken cancellationToken) => Task.FromResult(new KubectlVersion("v1.36.0", "v1.36.0"));

    public Task<IReadOnlyList<YamlMap>> GetAsync(KubectlQuery query, CancellationToken cancellationToken)
    {
        Call("get");
        var kinds = query.Kinds.Select(k => k.Split('.')[0].TrimEnd('s')).ToHashSet();
        return Result(_objects.Where(o => query.Objects.Contains(o.Key) || kinds.Contains(o.Key.Kind.ToLowerInvariant())).Select(o => o.Value));
    }

    public Task<IReadOnlyList<YamlMap>> ApplyAsync(IReadOnlyList<YamlMap> objects, KubectlApply options, CancellationToken cancellationToken)
    {
        if (objects.Count == 0)
        {
            return Result([]);
        }

        Call($"{(options.DryRun ? "dry-run" : options.Manager == KubectlApply.FieldManager ? "apply" : options.Manager)}{(options.ForceConflicts ? "!" : "")} {string.Join(' ', objects.Select(Short))}");
        return Result(options.DryRun ? objects : [.. objects.Select(o => Unchanged(o) ?? Store(o))]);
    }

    public Task<YamlMap> CreateAsync(YamlMap one, CancellationToken cancellationToken)
    {
        Call($"create {Short(one)}");
        return _objects.ContainsKey(ObjectKey.Of(one)) ? throw new KubectlException(KubectlFault.AlreadyExists, "exists") : Task.FromResult(Store(one));
    }

    public Task<YamlMap> ReplaceAsync(YamlMap one, CancellationToken cancellationToken)
    {
        Call($"replace {Short(one)}");
        var there = _objects.GetValueOrDefault(ObjectKey.Of(one)) ?? throw new KubectlException(KubectlFault.NotFound, "gone");
        return there.Map("metadata")!.Text("resourceVersion") == one.Map("metadata")!.Text("resourceVersion")
            ? Task.FromResult(Store(one))
            : throw new KubectlException(KubectlFault.Conflict, "somebody else wrote");
    }

    public Task DeleteAsync(IReadOnlyList<ObjectKey> objects, KubectlDelete options, CancellationToken cancellationToken)
    {
        if (objects.Count > 0)
        {
            Call($"delete {string.Join(' ', objects.Select(o => $"{o.Kind}/{o.Name}"))}");
            foreach (var key in objects)
            {
                _objects.Remove(key);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Merge patches of maps, as the server does them.</summary>
    public Task<YamlMap> PatchAsync(ObjectKey one, KubectlPatch patch, CancellationToken cancellationToken)
    {
        Call($"patch {one.Kind}/{one.Name}");
        var there = (YamlMap)(_objects.GetValueOrDefault(one) ?? throw new KubectlException(KubectlFault.NotFound, "gone")).Clone();
        Merge(there, JsonNodes.ReadObjects(patch.Json)[0]);
        return Task.FromResult(Store(there));
    }

    public IAsyncEnumerable<string> LogsAsync(KubectlLogs logs, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<KubectlEvent> WatchAsync(string kind, string? selector, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<KubectlExecution> ExecAsync(KubectlExec exec, CancellationToken cancellationToken) => throw new NotSupportedException();

    private static void Merge(YamlMap into, YamlMap patch)
    {
        foreach (var (key, value) in patch)
        {
            if (value is YamlMap map && into.Map(key) is { } there)
            {
                Merge(there, map);
            }
            else
            {
                into[key] = value is YamlScalar { Kind: YamlScalarKind.Null } ? null : value;
            }
        }
    }

    private static string Short(YamlMap one) => $"{one.Text("kind")}/{one.Map("metadata")!.Text("name")}";

    private static Task<IReadOnlyList<YamlMap>> Result(IEnumerable<YamlMap> objects) => Task.FromResult<IReadOnlyList<YamlMap>>([.. objects.Select(o => (YamlMap)o.Clone())]);

    private void Call(string call)
    {
        Before(call);
        Calls.Add(call);
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

    private YamlMap Store(YamlMap one)
    {
        var stored = (YamlMap)one.Clone();
        stored.Map("metadata")!["resourceVersion"] = new YamlScalar((++_version).ToString(System.Globalization.CultureInfo.InvariantCulture));
        _objects[ObjectKey.Of(one)] = stored;
        return stored;
    }
}
