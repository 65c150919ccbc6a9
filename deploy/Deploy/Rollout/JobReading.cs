using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;

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
