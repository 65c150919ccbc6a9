using MonoRepo.Deploy.Model;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.Lowering;

/// <summary>Tasks beside a resource, such as a backup: a CronJob and, where it keeps something, a claim.</summary>
internal static class ScheduledTaskPass
{
    private const int Retries = 2;

    public static IEnumerable<KubernetesObject> Lower(LoweringContext context)
    {
        foreach (var task in context.Workload.Annotations.Named<ScheduledTaskAnnotation>(t => t.Name))
        {
            var meta = context.Meta(
                WorkloadNames.Task(context.Workload.Name, task.Name), WorkloadNames.Task(context.Workload.Name, task.Name));
            yield return WorkloadPass.CronJob(
                WithRestore(meta, task.Restore), task.Schedule, task.Suspend, new(Retries, null, Pods.Task(context, task)));
            if (task.Volume is { } size)
            {
                yield return new PersistentVolumeClaim(
                    meta, Volumes.Claim(size, context.Workload.Annotations.Last<StorageAnnotation>()?.StorageClass));
            }
        }
    }

    private static ObjectMeta WithRestore(ObjectMeta meta, RestoreFacts? restore) => restore is null ? meta : meta with
    {
        Annotations = new SortedDictionary<string, string>(meta.Annotations!.ToDictionary(), StringComparer.Ordinal)
        {
            [KubernetesLabels.Restore] = WorkloadPass.Json(
                new { plan = restore.Plan, replace = restore.Replace, merge = restore.Merge, resume = restore.Resume }),
        },
    };
}
