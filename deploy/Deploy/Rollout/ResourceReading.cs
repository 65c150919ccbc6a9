using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Rollout;

/// <summary>A Job is ready when it is complete; a CronJob when it exists, whatever its last run came to.</summary>
internal static class JobReading
{
    public static ResourceProgress Read(LiveObject one)
    {
        var wanted = one.Map.NumberAt("spec", "completions") ?? 1;
        var done = one.Map.NumberAt("status", "succeeded") ?? 0;
        var failed = one.Map.NumberAt("status", "failed") ?? 0;

        ResourceProgress Is(RolloutState state, string reason) =>
            new(one.Kind, one.Name, state, reason) { Wanted = wanted, Ready = done };

        // {"type":"Failed","status":"True","reason":"BackoffLimitExceeded","message":"Job has reached the specified backoff
        // limit"}
        if (one.Condition("Failed") is { } failure && failure.Text("status") == "True")
        {
            return Is(RolloutState.Failed, $"{failure.Text("reason")}: {OneLine.Of(failure.Text("message"))}");
        }

        if (one.Condition("Complete") is { } complete && complete.Text("status") == "True")
        {
            return Is(RolloutState.Ready, "complete");
        }

        return one.Map.IsTrue("spec", "suspend")
            ? Is(RolloutState.Ready, "suspended")
            : Is(RolloutState.Progressing, failed == 0
            ? "runs"
            : $"runs, {failed} of {1 + (one.Map.NumberAt("spec", "backoffLimit") ?? 6)} attempts failed");
    }

    public static ResourceProgress ReadSchedule(LiveObject one)
    {
        var last = one.Map.TimeAt("status", "lastScheduleTime");
        var reason = one.Map.IsTrue("spec", "suspend") ? "suspended" : $"runs at {one.Map.TextAt("spec", "schedule")}";
        return new(one.Kind, one.Name, RolloutState.Ready, last is null
            ? reason
            : $"{reason}, last {last.Value.UtcDateTime:yyyy-MM-dd HH:mm}Z");
    }
}

/// <summary>
/// A volume claim is ready when it is bound, or when nothing uses it yet: most classes bind at the first pod
/// (WaitForFirstConsumer), such as that of a nightly backup.
/// </summary>
internal static class ClaimReading
{
    public static ResourceProgress Read(LiveObject one, ClusterSnapshot snapshot)
    {
        var warning = snapshot.EventsOf(one).LastOrDefault(e => e.IsWarning);
        var (state, reason) = one.Map.TextAt("status", "phase") switch
        {
            "Bound" => (RolloutState.Ready, Resizing(one) ?? $"{one.Map.TextAt("status", "capacity", "storage")} bound"),
            "Lost" => (RolloutState.Failed, "its volume is gone"),
            _ when warning is not null => (RolloutState.Progressing, $"{warning.Reason}: {warning.Message}"),
            _ when !IsUsed(one, snapshot) => (RolloutState.Ready, "is bound by its first pod"),
            _ => (RolloutState.Progressing, "waits for its volume"),
        };
        return new(one.Kind, one.Name, state, reason)
        {
            RequiresIntervention = warning is not null && state == RolloutState.Progressing,
        };
    }

    private static bool IsUsed(LiveObject one, ClusterSnapshot snapshot) =>
        snapshot.Objects.Any(p => p is { Kind: "Pod", IsDeleting: false }
        && p.Map.ItemsAt("spec", "volumes").Any(v => v.TextAt("persistentVolumeClaim", "claimName") == one.Name));

    // Growing goes on while the volume is in use; the last step needs a start of the pod on some storage.
    private static string? Resizing(LiveObject one) =>
        one.Condition("FileSystemResizePending")?.Text("status") == "True" ? "bound, grows when its pod starts again"
        : one.Condition("Resizing")?.Text("status") == "True" ? "bound, is growing"
        : null;
}

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
