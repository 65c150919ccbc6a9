using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;

namespace MonoRepo.Deploy.Rollout;

/// <summary>
/// A Deployment is ready when its controller has seen the spec, all pods are of it, none is left over and all are available.
/// </summary>
internal static class DeploymentReading
{
    public static ResourceProgress Read(LiveObject one, ClusterSnapshot snapshot)
    {
        var wanted = one.Map.NumberAt("spec", "replicas") ?? 1;
        var all = one.Map.NumberAt("status", "replicas") ?? 0;
        var updated = one.Map.NumberAt("status", "updatedReplicas") ?? 0;
        var available = one.Map.NumberAt("status", "availableReplicas") ?? 0;
        var isObserved = one.IsObserved;

        ResourceProgress Is(RolloutState state, string reason) => new(one.Kind, one.Name, state, reason)
        {
            Wanted = wanted,
            Ready = isObserved ? Math.Min(updated, Math.Max(0, available - (all - updated))) : 0,
        };

        if (!isObserved)
        {
            return Is(RolloutState.Progressing, "its controller has not seen the change yet");
        }

        // {"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded","message":"ReplicaSet \"x\" has timed out
        // progressing."}
        if (one.Condition("Progressing") is { } progressing && progressing.Text("reason") == "ProgressDeadlineExceeded")
        {
            return Is(RolloutState.Failed, "made no progress within its progressDeadlineSeconds" + Refused(one, snapshot, "; "));
        }

        if (updated < wanted)
        {
            var refused = Refused(one, snapshot, "");
            return refused.Length > 0
                ? Is(RolloutState.Progressing, refused) with { RequiresIntervention = true }
                : Is(RolloutState.Progressing, one.Map.IsTrue("spec", "paused")
                ? "is paused"
                : $"{updated} of {wanted} pods are of the new version");
        }

        return (all > updated, available < updated) switch
        {
            (true, _) =>
                Is(RolloutState.Progressing, $"{all - updated} old {(all - updated == 1 ? "pod is" : "pods are")} still there"),
            (_, true) => Is(RolloutState.Progressing, $"{available} of {wanted} available"),
            _ => Is(RolloutState.Ready, wanted == 0 ? "scaled to 0" : "ready"),
        };
    }

    /// <summary>The ReplicaSet of the present template: the one with the highest revision.</summary>
    public static LiveObject? Newest(LiveObject one, ClusterSnapshot snapshot) =>
        snapshot.OwnedBy(
            one, "ReplicaSet").MaxBy(r => r.Map.NumberAt("metadata", "annotations", "deployment.kubernetes.io/revision") ?? 0);

    /// <summary>
    /// Why the API server refuses its pods: quota, Pod Security, a ServiceAccount or PriorityClass that does not exist.
    /// </summary>
    private static string Refused(LiveObject one, ClusterSnapshot snapshot, string before)
    {
        // {"type":"ReplicaFailure","status":"True","reason":"FailedCreate","message":"pods \"x-1\" is forbidden: exceeded quota:
        // quota, requested: …"}
        var condition = Newest(one, snapshot)?.Condition("ReplicaFailure") ?? one.Condition("ReplicaFailure");
        return condition?.Text("status") == "True" ? before + PodsRefused.Of(condition.Text("message")) : "";
    }
}
