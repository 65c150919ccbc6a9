using System.Text.Json;
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
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { RespectRequiredConstructorParameters = true };

    /// <summary>The commands of a StatefulSet, or null where members come and go by themselves.</summary>
    public static MemberCommands? Of(YamlMap statefulSet)
    {
        if (statefulSet.Map("metadata")?.Map("annotations")?.Text(KubernetesLabels.Scaling) is not { } text)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<MemberCommands>(text, s_json);
        }
        catch (JsonException e)
        {
            throw new DeployException(
                $"StatefulSet '{statefulSet.Map("metadata")?.Text("name")}': the annotation {KubernetesLabels.Scaling} cannot be read ({e.Message}). Publish again.");
        }
    }
}
