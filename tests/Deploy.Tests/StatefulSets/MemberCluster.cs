using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Tests.Deploy;

/// <summary>
/// A cluster with one StatefulSet "store", whose members hold parts of the data: pods follow <c>replicas</c> at once, claims
/// stay, and every command checks what it would rely on. Removing a member that was not retired is data loss and fails the test.
/// </summary>
internal sealed class MemberCluster
{
    private static readonly ObjectKey s_set = new("apps", "StatefulSet", "store");

    private readonly SortedDictionary<int, Member> _members = [];

    public MemberCluster()
    {
        Cluster = new()
        {
            Before = call => Count(call, isAfter: false),
            After = call => Count(call, isAfter: true),
            Applied = Control,
            Exec = Run,
        };
        Cluster.With(
            Yaml.Map("{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: fast}, allowVolumeExpansion: true}"));
    }

    public FakeCluster Cluster { get; }

    public YamlMap? Set => Cluster.Keys.Contains(s_set) ? Cluster[s_set] : null;

    public IReadOnlyList<YamlMap> Claims =>
        [.. Cluster.Keys.Where(k => k.Kind == "PersistentVolumeClaim").OrderBy(k => k.Name.Length).ThenBy(
            k => k.Name, StringComparer.Ordinal).Select(k => Cluster[k])];

    /// <summary>What was done, in order.</summary>
    public List<string> Done { get; } = [];

    /// <summary>The call that fails, from 1; 0: none.</summary>
    public int FailingCall { get; set; }

    /// <summary>Whether the failing call has done its work before its answer is lost.</summary>
    public bool FailsAfterwards { get; set; }

    public int Calls { get; private set; }

    public int Arranged { get; private set; }

    public IReadOnlyList<int> Ordinals => [.. _members.Keys];

    public bool IsLocked => _members.Values.Any(m => m.IsLocked);

    /// <summary>As after a first start.</summary>
    public static MemberCluster With(YamlMap set)
    {
        var cluster = new MemberCluster();
        cluster.Cluster.With(set);
        cluster.Control(set);
        cluster.Arranged = cluster._members.Count;
        return cluster;
    }

    /// <summary>What the controller does, at once.</summary>
    private void Control(YamlMap set)
    {
        var count = int.Parse(set.Map("spec")!.Text("replicas")!);
        var size = ((YamlMap)set.Map("spec")!.List("volumeClaimTemplates")![0])
            .Map("spec")!.Map("resources")!.Map("requests")!.Text("storage");
        Done.Add($"apply {count}");
        foreach (var leaving in _members.Keys.Where(i => i >= count).ToList())
        {
            Assert.True(_members[leaving].IsRetired, $"store-{leaving} was removed with its data.");
            _members.Remove(leaving);
            Cluster.Remove(new("", "Pod", $"store-{leaving}"));
        }

        foreach (var ordinal in Enumerable.Range(0, count).Where(i => !_members.ContainsKey(i)))
        {
            _members[ordinal] = new();
            Cluster.With(
                Yaml.Map($"{{apiVersion: v1, kind: Pod, metadata: {{name: store-{ordinal}}}, status: {{containerStatuses: " +
                    $"[{{name: store, started: true, state: {{running: {{}}}}}}]}}}}"));
            if (!Claims.Any(c => c.Map("metadata")!.Text("name") == $"data-store-{ordinal}"))
            {
                Cluster.With(
                    Yaml.Map($"{{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {{name: data-store-{ordinal}}}, spec: " +
                        $"{{storageClassName: fast, resources: {{requests: {{storage: {size}}}}}}}}}"));
            }
        }
    }

    private ExecResult Run(ExecRequest exec)
    {
        Assert.Equal("store", exec.Container);
        var ordinal = int.Parse(exec.Pod["store-".Length..]);
        Assert.True(_members.TryGetValue(ordinal, out var member), $"No pod {exec.Pod}.");
        var error = Run(ordinal, member, exec.Command);
        exec.Line?.Invoke($"{exec.Command[0]} done");
        Done.Add($"{exec.Command[0]} {ordinal}");
        return error is null ? new(0, "", "") : new(1, "", $"{error}\n");
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
                Assert.All(_members.Where(m => m.Key >= Arranged), m =>
                    Assert.True(m.Value.IsRetired, $"store-{m.Key} is forgotten before it was retired."));
                return null;
            default:
                throw new NotSupportedException(command[0]);
        }
    }

    private void Count(string call, bool isAfter)
    {
        Calls += isAfter ? 0 : 1;
        if (Calls == FailingCall && isAfter == FailsAfterwards)
        {
            throw new ClusterException(ClusterErrorReason.Unreachable, "The cluster does not answer.");
        }

        if (isAfter
            && (call.StartsWith("patch ", StringComparison.Ordinal) || call.StartsWith("orphan ", StringComparison.Ordinal)))
        {
            Done.Add(call.StartsWith("orphan ", StringComparison.Ordinal) ? "orphan" : $"patch {call.Split('/')[1]}");
        }
    }

    private sealed class Member
    {
        public bool IsLocked { get; set; }

        public bool IsRetired { get; set; }
    }
}
