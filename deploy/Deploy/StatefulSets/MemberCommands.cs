using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.StatefulSets;

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
