using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;

namespace MonoRepo.Deploy.Rollout;

/// <summary>Targets and a snapshot of the namespace to a tree of what is ready and why the rest is not.</summary>
internal static class RolloutReading
{
    private static readonly string[] s_callable = ["Deployment", "StatefulSet", "DaemonSet"];

    public static RolloutTree Read(RolloutTargets targets, ClusterSnapshot snapshot) => new(
    [
        .. targets.Targets.OrderBy(t => Depth(targets, t.PodName, [])).ThenBy(t => t.Resource, ProgressReading.NaturalOrder)
            .ThenBy(t => t.Key.Name, ProgressReading.NaturalOrder).Select(t => Read(targets, t, snapshot)),
    ]);

    private static ResourceProgress Read(RolloutTargets targets, RolloutTarget target, ClusterSnapshot snapshot)
    {
        if (targets.Unreadable.Contains(target.Key.ResourceKind))
        {
            return new(target.Key.Kind, target.Key.Name, RolloutState.Unknown, "may not be looked at by you")
            {
                Resource = target.Resource,
            };
        }

        if (snapshot.Find(target.Key.Kind, target.Key.Name) is not { } live)
        {
            return (target.GoesWhenDone
                ? new ResourceProgress(target.Key.Kind, target.Key.Name, RolloutState.Ready, "done and gone")
                // It was there when it was applied: another apply pruned it, or somebody deleted it.
                : new(target.Key.Kind, target.Key.Name, RolloutState.Failed, "does not exist")) with
            { Resource = target.Resource };
        }

        var progress = ProgressReading.Read(live, snapshot) with { Resource = target.Resource };
        return progress.IsReady || target.PodName is null
            ? progress
            : progress with
            {
                WaitsFor = [.. targets.CalledBy(target.PodName).Select(c => Obstacle(c, snapshot)).OfType<string>()],
            };
    }

    /// <summary>What is called and does not answer: its name, with what is there of it.</summary>
    private static string? Obstacle(string called, ClusterSnapshot snapshot)
    {
        var workloads = snapshot.Objects.Where(o => s_callable.Contains(o.Kind) && o.PodName == called).ToList();
        if (workloads.Count == 0)
        {
            // An operator may have made its pods.
            return snapshot.Objects.Any(
                o => o.Kind == "Pod" && o.Map.TextAt("metadata", "labels", KubernetesLabels.Name) == called)
                    ? null
                    : $"{called} (does not exist here)";
        }

        var waiting = workloads.Select(w => ProgressReading.Read(w, snapshot)).FirstOrDefault(p => !p.IsReady);
        return waiting is null ? null : $"{called} ({waiting.Ready}/{waiting.Wanted})";
    }

    // Who calls nobody is at 0. Calls may go in circles.
    private static int Depth(RolloutTargets targets, string? name, HashSet<string> path) =>
        name is null || !path.Add(name)
        ? 0
        : targets.CalledBy(name).Select(c => 1 + Depth(targets, c, [.. path])).DefaultIfEmpty(0).Max();
}
