using System.Globalization;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.StatefulSets;

/// <summary>A StatefulSet, as it is wanted or as the cluster has it, read for its members.</summary>
internal sealed class StatefulSetMembers(YamlMap statefulSet)
{
    private const string Kind = "StatefulSet";

    public ObjectKey Key { get; } = ObjectKey.Of(statefulSet);

    public string Name => Key.Name;

    public YamlMap Object => statefulSet;

    public YamlMap Spec => statefulSet.Map("spec")!;

    /// <summary>How many members; null: somebody else decides, such as an autoscaler.</summary>
    public int? Count => Spec.Text("replicas") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    public MemberCommands? Commands => MemberCommands.Of(statefulSet);

    /// <summary>Whether a change of the number of members was begun and not finished.</summary>
    public bool IsScaling => statefulSet.Map("metadata")?.Map("annotations")?.Text(KubernetesLabels.ScalingUnderWay) is not null;

    /// <summary>The container that commands run in: the first, after which the pod is named.</summary>
    public string Container => ((YamlMap)Spec.Map("template")!.Map("spec")!.List("containers")![0]).Text("name")!;

    /// <summary>Labels of the members' pods.</summary>
    public string Selector =>
        string.Join(',', Spec.Map("selector")!.Map("matchLabels")!.Select(l => $"{l.Key}={((YamlScalar)l.Value).Text}"));

    public static bool Is(YamlMap one) => one.Text("kind") == Kind && one.Text("apiVersion") == "apps/v1";

    public string Pod(int ordinal) => $"{Name}-{ordinal}";

    /// <summary>
    /// The number of a member's pod or claim (<c>store-4</c>, <c>data-store-4</c>); null for another name.
    /// </summary>
    public int? Ordinal(string name, string prefix = "") =>
        name.StartsWith($"{prefix}{Name}-", StringComparison.Ordinal) && int.TryParse(
            name[(prefix.Length + Name.Length + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)
            ? ordinal
            : null;

    /// <summary>
    /// The same while its members change: with another number of them, of which those that exist are not rolled, and marked as
    /// such.
    /// </summary>
    public YamlMap With(int count, int existing)
    {
        var copy = (YamlMap)statefulSet.Clone();
        var spec = copy.Map("spec")!;
        copy.Map("metadata")!.Map("annotations")![KubernetesLabels.ScalingUnderWay] = new YamlScalar($"{existing} to {Count}");
        spec["replicas"] = YamlScalar.Of(count);
        if (spec.Map("updateStrategy")?.Text("type") is null or "RollingUpdate")
        {
            spec["updateStrategy"] = new YamlMap().Add(
                "type", "RollingUpdate").Add("rollingUpdate", new YamlMap().Add("partition", YamlScalar.Of(existing)));
        }

        return copy;
    }
}

/// <summary>What runs in the members when their number changes, as <see cref="KubernetesLabels.Scaling"/> says it.</summary>
internal sealed record MemberCommands(
    IReadOnlyList<string> Lock,
    IReadOnlyList<string> Rearrange,
    IReadOnlyList<string> Retire,
    IReadOnlyList<string> Forget,
    IReadOnlyList<string> Unlock)
{
    /// <summary>The commands of a StatefulSet, or null where members come and go by themselves.</summary>
    public static MemberCommands? Of(YamlMap statefulSet) =>
        JsonAnnotation.Read<MemberCommands>(statefulSet, KubernetesLabels.Scaling);
}
