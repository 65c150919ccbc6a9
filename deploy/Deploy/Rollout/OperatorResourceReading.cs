using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Rollout;

/// <summary>
/// What an operator turns into pods: ready by its condition <c>Available</c> or <c>Ready</c> (Prometheus and relatives), or its stage
/// (Grafana). One without a status is not waited for: the operator may not be installed.
/// </summary>
internal static class OperatorResourceReading
{
    public static ResourceProgress Read(LiveObject one)
    {
        var (state, reason) = (one.Condition("Available") ?? one.Condition("Ready")) is { } condition
            ? ByCondition(one, condition)
            : ByStage(one);
        return new(one.Kind, one.Name, state, reason) { Wanted = one.Map.NumberAt("spec", "replicas"), Ready = one.Map.NumberAt("status", "availableReplicas") };
    }

    private static (RolloutState State, string Reason) ByCondition(LiveObject one, YamlMap condition)
    {
        var isObserved = condition.NumberAt("observedGeneration") is not { } observed || observed >= (one.Map.NumberAt("metadata", "generation") ?? 0);
        return (isObserved, condition.Text("status")) switch
        {
            (false, _) => (RolloutState.Progressing, "its operator has not seen the change yet"),
            (_, "True") => (RolloutState.Ready, "ready"),
            _ => (RolloutState.Progressing, OneLine.Of($"{condition.Text("reason")}: {condition.Text("message")}".Trim(' ', ':'))),
        };
    }

    // {"stage":"complete","stageStatus":"success"}
    private static (RolloutState State, string Reason) ByStage(LiveObject one) => (one.Map.TextAt("status", "stage"), one.Map.TextAt("status", "stageStatus")) switch
    {
        (null or "", _) => (RolloutState.Ready, "no operator has answered"),
        ("complete", "success") => (RolloutState.Ready, "ready"),
        (var stage, "failed") => (RolloutState.Progressing, OneLine.Of($"stage {stage} failed: {one.Map.TextAt("status", "lastMessage")}".TrimEnd(' ', ':'))),
        (var stage, _) => (RolloutState.Progressing, $"stage {stage}"),
    };
}
