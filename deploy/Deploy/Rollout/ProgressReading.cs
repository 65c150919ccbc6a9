using System.Globalization;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rendering;

namespace MonoRepo.Deploy.Rollout;

/// <summary>Reads how far an object is, by the rules of its kind.</summary>
internal static class ProgressReading
{
    /// <summary>Kinds that are waited for; everything else is done when it is applied.</summary>
    public static readonly IReadOnlyList<string> Kinds =
        [
            "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod", "PersistentVolumeClaim",
            .. ImageFields.OperatorKinds, "Grafana",
        ];

    /// <summary>Names in the order that people count in: <c>store-2</c> before <c>store-10</c>.</summary>
    public static readonly StringComparer NaturalOrder =
        StringComparer.Create(CultureInfo.InvariantCulture, CompareOptions.NumericOrdering);

    /// <summary>Reads a live object of one of <see cref="Kinds"/>.</summary>
    public static ResourceProgress Read(LiveObject one, ClusterSnapshot snapshot)
    {
        var progress = one switch
        {
            { IsDeleting: true } => new ResourceProgress(one.Kind, one.Name, RolloutState.Progressing, "is being deleted"),
            { Kind: "Deployment" } => DeploymentReading.Read(one, snapshot),
            { Kind: "StatefulSet" } => StatefulSetReading.Read(one, snapshot),
            { Kind: "DaemonSet" } => DaemonSetReading.Read(one),
            { Kind: "Job" } => JobReading.Read(one),
            { Kind: "CronJob" } => JobReading.ReadSchedule(one),
            { Kind: "Pod" } => PodItself(one, snapshot),
            { Kind: "PersistentVolumeClaim" } => ClaimReading.Read(one, snapshot),
            _ => OperatorResourceReading.Read(one, snapshot.At),
        };
        var pods = one.Kind is "Pod" or "CronJob" ? [] : PodsOf(one, snapshot);
        return progress with
        {
            Resource = one.Resource,
            Pods = pods,
            RequiresIntervention = progress.RequiresIntervention
                || (!progress.IsReady && pods.Any(p => p is { RequiresIntervention: true, IsOld: false })),
        };
    }

    private static ResourceProgress PodItself(LiveObject pod, ClusterSnapshot snapshot)
    {
        var read = PodReading.Read(pod, snapshot);
        var isFailed = pod.Map.TextAt("status", "phase") == "Failed";
        return new("Pod", pod.Name, read.IsReady ? RolloutState.Ready : isFailed
            ? RolloutState.Failed
            : RolloutState.Progressing, read.Reason)
        { RequiresIntervention = read.RequiresIntervention };
    }

    private static IReadOnlyList<PodProgress> PodsOf(LiveObject one, ClusterSnapshot snapshot)
    {
        var isPresent = PresentVersion(one, snapshot);
        return
        [
            .. snapshot.PodsOf(one).Select(p => PodReading.Read(p, snapshot) with { IsOld = !isPresent(p) })
                .OrderBy(p => p.IsOld).ThenBy(p => p.Name, NaturalOrder),
        ];
    }

    private static Func<LiveObject, bool> PresentVersion(LiveObject one, ClusterSnapshot snapshot)
    {
        if (one.Kind == "Deployment" && DeploymentReading.Newest(one, snapshot) is { } newest)
        {
            return pod => pod.IsOwnedBy(newest);
        }

        // A member of an earlier revision keeps its name; the revision is in a label.
        return one.Kind == "StatefulSet" && one.Map.TextAt("status", "updateRevision") is { Length: > 0 } revision
            ? pod => pod.Map.TextAt("metadata", "labels", "controller-revision-hash") == revision
            : _ => true;
    }
}
