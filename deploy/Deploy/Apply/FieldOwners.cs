using System.Text;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Apply;

/// <summary>
/// Who owns which field, from <c>metadata.managedFields</c>. The API server's message about conflicts does not say in which
/// object they are.
/// <c>fieldsV1: {f:spec: {f:replicas: {}, f:template: {f:spec: {f:containers: {k:{"name":"server"}: {.: {}, f:image:
/// {}}}}}}}</c>
/// </summary>
internal static class FieldOwners
{
    // `kubectl rollout restart` notes the time in the template, as `restart` does.
    private const string RestartedAt = ".kubectl.kubernetes.io/restartedAt";

    // Field managers of Kubernetes' own controllers.
    private static readonly string[] s_controllers =
        ["kube-controller-manager", "kube-scheduler", "kubelet", "kube-apiserver", "cloud-controller-manager"];

    /// <summary>Whether a field manager owns a field. A list's item is named by its key as the API writes it.</summary>
    public static bool Owns(YamlMap live, string manager, params string[] path) =>
        Managers(live).Where(m => m.Text("manager") == manager).Any(m => path.Aggregate(
            (YamlNode?)m.Map("fieldsV1"), (node, step) => (node as YamlMap)?["f:" + step]) is not null);

    /// <summary>Fields of <paramref name="wanted"/> that others own with another value.</summary>
    public static IReadOnlyList<FieldConflict> Conflicts(YamlMap live, YamlMap wanted)
    {
        var key = ObjectKey.Of(wanted);
        var conflicts = new List<FieldConflict>();
        foreach (var manager in Managers(live).Where(m => m.Text("manager") != ApplyOptions.FieldManager
            && m.Text("subresource") != "status" && !OwnershipMigration.IsMigrated(m)))
        {
            Walk(manager.Map("fieldsV1"), live, wanted, "", (path, has, wants) =>
                conflicts.Add(new(key, path, manager.Text("manager") ?? "", Show(has), Show(wants))));
        }

        return [.. conflicts.DistinctBy(c => (c.Path, c.Owner))];
    }

    /// <summary>
    /// Whether applying <paramref name="wanted"/> again would do nothing: its values are there, and what our manager owns is what
    /// it states, no more (which would have to go) and no less. Where this cannot tell, such as of "1000m" that the API wrote as
    /// 1, it says no.
    /// </summary>
    public static bool IsApplied(YamlMap live, YamlMap wanted)
    {
        var stated = (YamlMap)wanted.Clone();
        (stated["apiVersion"], stated["kind"]) = (null, null);
        if (stated.Map("metadata") is { } metadata)
        {
            (metadata["name"], metadata["namespace"]) = (null, null);
            stated["metadata"] = metadata.Count > 0 ? metadata : null;
        }

        return Managers(live).Where(m => m.Text("manager") == ApplyOptions.FieldManager && m.Text("operation") == "Apply")
            .ToList() is [var ours]
            && ours.Map("fieldsV1") is { } fields && IsExactly(fields, stated) && ComparableObject.Contains(live, wanted);
    }

    /// <summary>
    /// Fields that other field managers added to a managed object. Excludes fields written by controllers and the object's own
    /// labels and annotations.
    /// </summary>
    public static IReadOnlyList<ForeignField> Additions(YamlMap live, YamlMap wanted)
    {
        var key = ObjectKey.Of(wanted);
        var additions = new List<ForeignField>();
        foreach (var manager in Managers(live)
            .Where(m => string.IsNullOrEmpty(m.Text("subresource")) && !OwnershipMigration.IsMigrated(m)))
        {
            var owner = manager.Text("manager") ?? "";
            if (!owner.StartsWith(ApplyOptions.FieldManager, StringComparison.Ordinal) && !s_controllers.Contains(owner))
            {
                var fields = (manager.Map("fieldsV1") ?? []).Where(f => f.Key is not ("f:metadata" or "f:status"));
                fields.ToList().ForEach(
                    f => Added((YamlMap)f.Value, f.Key, live, wanted, "", path => additions.Add(new(key, path, owner))));
            }
        }

        return [.. additions.Where(a => !a.Path.EndsWith(RestartedAt, StringComparison.Ordinal)).Distinct()];
    }

    private static void Added(YamlMap below, string step, YamlNode? live, YamlNode? wanted, string path, Action<string> add)
    {
        var (has, wants, name) = Step(step, live, wanted);
        if (has is null || name.Length == 0)
        {
            return;
        }

        if (wants is null)
        {
            add(path + name);
            return;
        }

        foreach (var (next, deeper) in below)
        {
            Added((YamlMap)deeper, next, has, wants, path + name, add);
        }
    }

    private static bool IsExactly(YamlMap fields, YamlNode wanted)
    {
        var steps = fields.Where(f => f.Key != ".").ToList();
        return (steps.Count, wanted) switch
        {
            // Owned as one value: its content has been compared.
            (0, _) => fields.Count == 0 || wanted is YamlMap { Count: 0 } or YamlList { Count: 0 },
            (var count, YamlMap map) => count == map.Count && steps.TrueForAll(s => Below(s, map)),
            (var count, YamlList list) =>
                count == list.Count && steps.TrueForAll(s => s.Key.StartsWith("v:", StringComparison.Ordinal) || Below(s, list)),
            _ => false,
        };

        static bool Below(KeyValuePair<string, YamlNode> step, YamlNode wanted) =>
            Step(step.Key, wanted, wanted).Wanted is { } value && step.Value is YamlMap below && IsExactly(below, value);
    }

    private static IEnumerable<YamlMap> Managers(YamlMap live) =>
        (live.Map("metadata")?.List("managedFields") ?? []).OfType<YamlMap>();

    private static void Walk(
        YamlMap? fields, YamlNode? live, YamlNode? wanted, string path, Action<string, YamlNode?, YamlNode> differs)
    {
        foreach (var (step, below) in fields ?? [])
        {
            var (has, wants, name) = Step(step, live, wanted);
            if (wants is null)
            {
                continue;
            }

            if (below is YamlMap { Count: > 0 } deeper && wants is not YamlScalar)
            {
                Walk(deeper, has, wants, path + name, differs);
            }
            else if (!ComparableObject.Contains(has, wants))
            {
                differs(path + name, has, wants);
            }
        }
    }

    private static (YamlNode? Live, YamlNode? Wanted, string Name) Step(string step, YamlNode? live, YamlNode? wanted)
    {
        if (step.StartsWith("f:", StringComparison.Ordinal))
        {
            return ((live as YamlMap)?[step[2..]], (wanted as YamlMap)?[step[2..]], "." + step[2..]);
        }

        if (step.StartsWith("k:", StringComparison.Ordinal) && live is YamlList has && wanted is YamlList wants)
        {
            var key = JsonNodes.ReadObject(Encoding.UTF8.GetBytes(step[2..]));
            return (Item(has, key), Item(wants, key), $"[{string.Join(',', key.Select(k => $"{k.Key}={k.Value}"))}]");
        }

        // "." is the item itself, "v:…" a value of a set: neither can differ.
        return (null, null, "");
    }

    private static YamlMap? Item(YamlList list, YamlMap key) =>
        list.OfType<YamlMap>().FirstOrDefault(item =>
            key.All(k => item.Text(k.Key) == (k.Value as YamlScalar)?.Text || (k.Key == "protocol" && item[k.Key] is null)));

    private static string Show(YamlNode? node) => node switch
    {
        null => "not set",
        YamlScalar scalar => scalar.Text,
        _ => JsonNodes.Write(node),
    };
}

/// <summary>A field that somebody else has set to another value.</summary>
/// <param name="Path">The field, such as <c>.spec.replicas</c>.</param>
/// <param name="Owner">Field manager that owns it.</param>
internal sealed record FieldConflict(ObjectKey Object, string Path, string Owner, string Live, string Wanted)
{
    /// <summary>The field that an autoscaler changes.</summary>
    public const string Replicas = ".spec.replicas";

    public override string ToString() => $"{Object}: {Path} is {Live}, set by '{Owner}', and would become {Wanted}";
}

/// <summary>
/// A field of our object that we don't state and somebody else has added. Its value isn't told: it may be a secret.
/// </summary>
/// <param name="Path">The field, such as <c>.spec.template.spec.containers[name=server].env[name=DEBUG]</c>.</param>
/// <param name="Owner">Field manager that added it.</param>
internal sealed record ForeignField(ObjectKey Object, string Path, string Owner)
{
    public override string ToString() => $"{Object}: {Path} was added by '{Owner}', and stays";
}
