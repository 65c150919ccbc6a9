using System.Text.RegularExpressions;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;

namespace MonoRepo.Deploy.Rollout;

/// <summary>
/// A Deployment is ready when its controller has seen the spec, all pods are of it, none is left over and all are available.
/// </summary>
internal static class DeploymentReading
{
    /// <summary>The status is still that of the earlier spec: what it says is ready doesn't count.</summary>
    public const string NotObserved = "its controller has not seen the change yet";

    public static ResourceProgress Read(LiveObject one, ClusterSnapshot snapshot)
    {
        var wanted = one.Map.NumberAt("spec", "replicas") ?? 1;
        var all = one.Map.NumberAt("status", "replicas") ?? 0;
        var updated = one.Map.NumberAt("status", "updatedReplicas") ?? 0;
        var available = one.Map.NumberAt("status", "availableReplicas") ?? 0;

        ResourceProgress Is(RolloutState state, string reason) => new(one.Kind, one.Name, state, reason)
        {
            Wanted = wanted,
            Ready = Math.Min(updated, Math.Max(0, available - (all - updated))),
        };

        if (!one.IsObserved)
        {
            return Is(RolloutState.Progressing, NotObserved) with { Ready = 0 };
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

/// <summary>
/// A StatefulSet is ready when its controller has seen the spec, all members are ready and, as far as its update strategy rolls
/// them by itself, of the present revision.
/// </summary>
internal static class StatefulSetReading
{
    public static ResourceProgress Read(LiveObject one, ClusterSnapshot snapshot)
    {
        var wanted = one.Map.NumberAt("spec", "replicas") ?? 1;
        var all = one.Map.NumberAt("status", "replicas") ?? 0;
        var ready = one.Map.NumberAt("status", "readyReplicas") ?? 0;
        var updated = one.Map.NumberAt("status", "updatedReplicas") ?? 0;

        ResourceProgress Is(RolloutState state, string reason) =>
            new(one.Kind, one.Name, state, reason) { Wanted = wanted, Ready = Math.Min(ready, wanted) };

        if (!one.IsObserved)
        {
            return Is(RolloutState.Progressing, DeploymentReading.NotObserved) with { Ready = 0 };
        }

        if (all > wanted)
        {
            return Is(RolloutState.Progressing, $"{all - wanted} of {all} members are to go");
        }

        if (ready < wanted)
        {
            return Is(RolloutState.Progressing, $"{ready} of {wanted} ready");
        }

        // The status follows a deleted pod a moment later.
        if (snapshot.PodsOf(one).Count(p => p.IsDeleting) is > 0 and var stopping)
        {
            return Is(RolloutState.Progressing, $"{stopping} of {wanted} are stopping") with
            {
                Ready = Math.Max(0, ready - stopping),
            };
        }

        // Until the roll has ended, currentRevision is the earlier one; with OnDelete people end it, with a partition it stops
        // there.
        var isRolledByItself = one.Map.TextAt("spec", "updateStrategy", "type") != "OnDelete";
        var rolled = Math.Max(0, wanted - (one.Map.NumberAt("spec", "updateStrategy", "rollingUpdate", "partition") ?? 0));
        return isRolledByItself && updated < rolled
            && one.Map.TextAt("status", "updateRevision") != one.Map.TextAt("status", "currentRevision")
            ? Is(RolloutState.Progressing, $"{updated} of {rolled} members are of the new version")
            : Is(RolloutState.Ready, wanted == 0 ? "scaled to 0" : "ready");
    }
}

/// <summary>A DaemonSet is ready when every node that should has a pod of the present version, and it is available.</summary>
internal static class DaemonSetReading
{
    public static ResourceProgress Read(LiveObject one)
    {
        var wanted = one.Map.NumberAt("status", "desiredNumberScheduled") ?? 0;
        var updated = one.Map.NumberAt("status", "updatedNumberScheduled") ?? 0;
        var available = one.Map.NumberAt("status", "numberAvailable") ?? 0;
        var (state, reason) = (one.IsObserved, updated < wanted, available < wanted) switch
        {
            (false, _, _) => (RolloutState.Progressing, DeploymentReading.NotObserved),
            (_, true, _) => (RolloutState.Progressing, $"{updated} of {wanted} pods are of the new version"),
            (_, _, true) => (RolloutState.Progressing, $"{available} of {wanted} available"),
            _ => (RolloutState.Ready, "ready"),
        };
        return new(one.Kind, one.Name, state, reason) { Wanted = wanted, Ready = Math.Min(updated, available) };
    }
}

/// <summary>The API server's words on why it refuses to create pods.</summary>
internal static partial class PodsRefused
{
    /// <summary>The message without the name of the pod, which changes with every attempt.</summary>
    public static string Of(string? message) => "its pods are refused: " + Subject().Replace(OneLine.Of(message), "");

    // Error creating: pods "server-5d4f-x2x8l" is forbidden: exceeded quota: …
    // create Pod store-0 in StatefulSet store failed error: pods "store-0" is forbidden: …
    [GeneratedRegex(
        "^(Error creating: |create Pod .* failed error: )?pods? \"[^\"]*\" is forbidden: |^Error creating: |^create Pod .* " +
        "failed error: ")]
    private static partial Regex Subject();
}
