using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;

namespace MonoRepo.Deploy.Rollout;

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
        var isObserved = one.IsObserved;

        ResourceProgress Is(RolloutState state, string reason) =>
            new(one.Kind, one.Name, state, reason) { Wanted = wanted, Ready = isObserved ? Math.Min(ready, wanted) : 0 };

        if (!isObserved)
        {
            return Is(RolloutState.Progressing, "its controller has not seen the change yet");
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
