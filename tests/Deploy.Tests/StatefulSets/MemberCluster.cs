using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.StatefulSets;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Tests.Deploy;

/// <summary>
/// A cluster with one StatefulSet "store", whose members hold parts of the data: pods follow <c>replicas</c> at once, claims stay, and every
/// command checks what it would rely on. Removing a member that was not retired is data loss and fails the test.
/// </summary>
internal sealed class MemberCluster : IKubectl
{
    private readonly SortedDictionary<int, Member> _members = [];
    private int _calls;

    public KubectlTarget Target { get; } = new("test", "here");

    public YamlMap? Set { get; set; }

    public List<YamlMap> Claims { get; } = [];

    public bool ClassExpands { get; set; } = true;

    /// <summary>What was done, in order.</summary>
    public List<string> Done { get; } = [];

    /// <summary>The call that fails, from 1; 0: none.</summary>
    public int FailingCall { get; set; }

    /// <summary>Whether the failing call has done its work before its answer is lost.</summary>
    public bool FailsAfterwards { get; set; }

    public int Calls => _calls;

    public int Arranged { get; private set; }

    public IReadOnlyList<int> Ordinals => [.. _members.Keys];

    public bool IsLocked => _members.Values.Any(m => m.IsLocked);

    /// <summary>As after a first start.</summary>
    public static MemberCluster With(YamlMap set)
    {
        var cluster = new MemberCluster();
        cluster.Store(set);
        cluster.Arranged = cluster._members.Count;
        return cluster;
    }

    public Task<IReadOnlyList<YamlMap>> GetAsync(KubectlQuery query, CancellationToken cancellationToken) => Call<IReadOnlyList<YamlMap>>(() =>
        query.Objects is [{ Kind: "StorageClass" } one] ? [Yaml.Map($"{{kind: StorageClass, metadata: {{name: {one.Name}}}, allowVolumeExpansion: {(ClassExpands ? "true" : "false")}}}")]
        : query.Kinds is ["pods"] ? [.. _members.Keys.Select(i => Yaml.Map($"{{metadata: {{name: store-{i}}}, status: {{containerStatuses: [{{name: store, started: true, state: {{running: {{}}}}}}]}}}}"))]
        : query.Kinds is ["persistentvolumeclaims"] ? [.. Claims.Select(c => (YamlMap)c.Clone())]
        : throw new NotSupportedException($"{query}"));

    public Task<IReadOnlyList<YamlMap>> ApplyAsync(IReadOnlyList<YamlMap> objects, KubectlApply options, CancellationToken cancellationToken) => Call<IReadOnlyList<YamlMap>>(() =>
    {
        Store(Assert.Single(objects));
        return objects;
    });

    public Task DeleteAsync(IReadOnlyList<ObjectKey> objects, KubectlDelete options, CancellationToken cancellationToken) => Call(() =>
    {
        Assert.True(options.Orphan, "Deleting a StatefulSet with its pods.");
        Done.Add("orphan");
        Set = null;
        return 0;
    });

    public Task<YamlMap> PatchAsync(ObjectKey one, KubectlPatch patch, CancellationToken cancellationToken) => Call(() =>
    {
        var changed = Claims.Single(c => ObjectKey.Of(c) == one);
        Merge(changed, Yaml.Map(patch.Json));
        Done.Add($"patch {one.Name}");
        return changed;
    });

    public Task<KubectlExecution> ExecAsync(KubectlExec exec, CancellationToken cancellationToken) => Call(() =>
    {
        Assert.Equal("store", exec.Container);
        var ordinal = int.Parse(exec.Pod["store-".Length..]);
        Assert.True(_members.TryGetValue(ordinal, out var member), $"No pod {exec.Pod}.");
        var fault = Run(ordinal, member, exec.Command);
        exec.Line?.Invoke($"{exec.Command[0]} done");
        Done.Add($"{exec.Command[0]} {ordinal}");
        return fault is null ? new KubectlExecution(0, "", "") : new KubectlExecution(1, "", $"{fault}\ncommand terminated with exit code 1\n");
    });

    public Task<string?> CurrentContextAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<KubectlVersion> VersionAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<YamlMap> CreateAsync(YamlMap one, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<YamlMap> ReplaceAsync(YamlMap one, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<string> LogsAsync(KubectlLogs logs, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<KubectlEvent> WatchAsync(string kind, string? selector, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Server-side apply, and what the controller does at once.</summary>
    public void Store(YamlMap set)
    {
        Set = (YamlMap)set.Clone();
        var count = int.Parse(Set.Map("spec")!.Text("replicas")!);
        var size = ((YamlMap)Set.Map("spec")!.List("volumeClaimTemplates")![0]).Map("spec")!.Map("resources")!.Map("requests")!.Text("storage");
        Done.Add($"apply {count}");
        foreach (var leaving in _members.Keys.Where(i => i >= count).ToList())
        {
            Assert.True(_members[leaving].IsRetired, $"store-{leaving} was removed with its data.");
            _members.Remove(leaving);
        }

        foreach (var ordinal in Enumerable.Range(0, count).Where(i => !_members.ContainsKey(i)))
        {
            _members[ordinal] = new();
            if (!Claims.Any(c => c.Map("metadata")!.Text("name") == $"data-store-{ordinal}"))
            {
                Claims.Add(Yaml.Map($"{{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {{name: data-store-{ordinal}}}, spec: {{storageClassName: fast, resources: {{requests: {{storage: {size}}}}}}}}}"));
            }
        }
    }

    private string? Run(int ordinal, Member member, IReadOnlyList<string> command)
    {
        switch (command[0])
        {
            case "lock":
                member.IsLocked = true;
                return null;
            case "unlock":
                Assert.Equal(int.Parse(Set!.Map("spec")!.Text("replicas")!), Arranged);
                member.IsLocked = false;
                return null;
            case "rearrange":
                Assert.Equal(0, ordinal);
                Assert.All(_members, m => Assert.True(m.Value.IsLocked, $"store-{m.Key} is not locked."));
                var size = int.Parse(command[1]);
                if (size < 3)
                {
                    return "a cluster needs three";
                }

                Assert.True(_members.Count >= size, "Members are missing.");
                Arranged = size;
                return null;
            case "retire":
                Assert.True(ordinal >= Arranged, $"store-{ordinal} still holds data.");
                member.IsRetired = true;
                return null;
            case "forget":
                Assert.All(_members.Where(m => m.Key >= Arranged), m => Assert.True(m.Value.IsRetired, $"store-{m.Key} is forgotten before it was retired."));
                return null;
            default:
                throw new NotSupportedException(command[0]);
        }
    }

    private Task<T> Call<T>(Func<T> work)
    {
        var fails = ++_calls == FailingCall;
        if (fails && !FailsAfterwards)
        {
            throw new KubectlException(KubectlFault.Unreachable, "The cluster does not answer.");
        }

        var result = work();
        return fails ? throw new KubectlException(KubectlFault.Unreachable, "The cluster does not answer.") : Task.FromResult(result);
    }

    private static void Merge(YamlMap target, YamlMap patch)
    {
        foreach (var (key, value) in patch)
        {
            if (value is YamlMap map)
            {
                if (target.Map(key) is null)
                {
                    target[key] = new YamlMap();
                }

                Merge(target.Map(key)!, map);
            }
            else
            {
                target[key] = value is YamlScalar { Kind: YamlScalarKind.Null } ? null : value;
            }
        }
    }

    private sealed class Member
    {
        public bool IsLocked { get; set; }

        public bool IsRetired { get; set; }
    }
}
