using MonoRepo.Deploy.Cluster;

namespace MonoRepo.Deploy.Rollout;

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
            (false, _, _) => (RolloutState.Progressing, "its controller has not seen the change yet"),
            (_, true, _) => (RolloutState.Progressing, $"{updated} of {wanted} pods are of the new version"),
            (_, _, true) => (RolloutState.Progressing, $"{available} of {wanted} available"),
            _ => (RolloutState.Ready, "ready"),
        };
        return new(one.Kind, one.Name, state, reason) { Wanted = wanted, Ready = Math.Min(updated, available) };
    }
}
