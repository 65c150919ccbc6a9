using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Rollout;

/// <summary>
/// What an operator turns into pods: ready by its condition <c>Available</c> or <c>Ready</c> (Prometheus and relatives), or its
/// stage (Grafana). One that nobody looks at for a while isn't waited for: its operator doesn't run.
/// </summary>
internal static class OperatorResourceReading
{
    /// <summary>An operator that runs looks at a new object within a second or two.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(20);

    public static ResourceProgress Read(LiveObject one, DateTimeOffset now)
    {
        var (state, reason) = (one.Condition("Available") ?? one.Condition("Ready")) is { } condition
            ? ByCondition(one, condition)
            : ByStage(one, now);
        return new(one.Kind, one.Name, state, reason)
        {
            Wanted = one.Map.NumberAt("spec", "replicas"),
            Ready = one.Map.NumberAt("status", "availableReplicas"),
        };
    }

    private static (RolloutState State, string Reason) ByCondition(LiveObject one, YamlMap condition)
    {
        var isObserved = condition.NumberAt("observedGeneration") is not { } observed
            || observed >= (one.Map.NumberAt("metadata", "generation") ?? 0);
        return (isObserved, condition.Text("status")) switch
        {
            (false, _) => (RolloutState.Progressing, "its operator has not seen the change yet"),
            (_, "True") => (RolloutState.Ready, "ready"),
            _ => (RolloutState.Progressing, OneLine.Of($"{condition.Text("reason")}: {condition.Text("message")}".Trim(
                ' ', ':'))),
        };
    }

    // {"stage":"complete","stageStatus":"success"}
    private static (RolloutState State, string Reason) ByStage(LiveObject one, DateTimeOffset now) =>
        (one.Map.TextAt("status", "stage"), one.Map.TextAt("status", "stageStatus")) switch
        {
            (null or "", _) => one.Created is { } created && now - created < s_grace
                ? (RolloutState.Progressing, "waits for its operator")
                : (RolloutState.Unknown, "no operator has looked at it; `setup` installs them"),
            ("complete", "success") => (RolloutState.Ready, "ready"),
            (var stage, "failed") =>
                (RolloutState.Progressing, OneLine.Of($"stage {stage} failed: {one.Map.TextAt("status", "lastMessage")}".TrimEnd(
                    ' ', ':'))),
            (var stage, _) => (RolloutState.Progressing, $"stage {stage}"),
        };
}
