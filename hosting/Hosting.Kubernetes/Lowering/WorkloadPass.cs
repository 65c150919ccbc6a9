using System.Text.Encodings.Web;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Model;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.Lowering;

/// <summary>Workload to Deployment, StatefulSet, Job or CronJob.</summary>
internal static class WorkloadPass
{
    private const int History = 3;

    // Seconds. Without a readiness probe a pod is ready as soon as it runs: one that ends at its start would pass for a good new
    // version.
    private const int Settling = 5;
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IEnumerable<KubernetesObject> Lower(LoweringContext context)
    {
        var workload = context.Workload;
        var meta = context.Meta(workload.Name);
        yield return workload.Kind switch
        {
            WorkloadKind.StatefulSet => StatefulSet(context, meta),
            WorkloadKind.Job => new Job(meta, JobSpec(context)),
            WorkloadKind.CronJob =>
                CronJob(meta, workload.Annotations.Last<ScheduleAnnotation>()!.Schedule, false, JobSpec(context) with
                {
                    TtlSecondsAfterFinished = null,
                }),
            _ => Deployment(context, meta),
        };
    }

    public static CronJob CronJob(ObjectMeta meta, Schedule schedule, bool suspend, JobSpec job) =>
        new(meta, new(schedule.Cron, schedule.TimeZone, schedule.Concurrency.ToString(), suspend
        ? true
        : null, History, History, new(new(null, meta.Labels), job)));

    /// <summary>For the one that applies, which sees the manifests only.</summary>
    public static string Json(object commands) => JsonSerializer.Serialize(commands, s_json);

    private static Deployment Deployment(LoweringContext context, ObjectMeta meta) => new(meta, new(
        context.Workload.Autoscaling is null ? context.Workload.Replicas : null,
        context.Workload.Readiness is null ? Settling : null,
        History,
        KubernetesLabels.Selector(context.Workload.Name),
        new("RollingUpdate", new(MaxSurge: 1, MaxUnavailable: 0)),
        Pods.Template(context)));

    private static StatefulSet StatefulSet(LoweringContext context, ObjectMeta meta)
    {
        var workload = context.Workload;
        var parallel = workload.Annotations.Last<StableIdentityAnnotation>()?.Parallel ?? true;
        return new(WithCommands(meta, workload), new(
            workload.Replicas,
            History,
            workload.HeadlessName,
            parallel ? "Parallel" : "OrderedReady",
            KubernetesLabels.Selector(workload.Name),
            new("RollingUpdate"),
            new("Retain", "Retain"),
            Pods.Template(context),
            Volumes.Claims(workload)));
    }

    /// <summary>What has to run in the members when their number or their secret changes.</summary>
    private static ObjectMeta WithCommands(ObjectMeta meta, Workload workload)
    {
        var annotations = new SortedDictionary<string, string>(meta.Annotations!.ToDictionary(), StringComparer.Ordinal);
        if (workload.Annotations.Last<MemberScalingAnnotation>() is { } scaling)
        {
            annotations[KubernetesLabels.Scaling] = Json(
                new
                {
                    @lock = scaling.Lock,
                    rearrange = scaling.Rearrange,
                    retire = scaling.Retire,
                    forget = scaling.Forget,
                    unlock = scaling.Unlock,
                });
        }

        if (workload.Annotations.Last<MemberSecretAnnotation>() is { } members)
        {
            var previous = workload.Variables.Single(v => v.Name == members.PreviousVariable).ValueFrom!.SecretKeyRef!;
            annotations[KubernetesLabels.MemberSecret] = Json(
                new
                {
                    secret = previous.Name,
                    key = previous.Key[..^"-previous".Length],
                    accept = members.Accept,
                    only = members.Only,
                    pattern = members.Pattern,
                    hint = members.Hint,
                });
        }

        return meta with { Annotations = annotations };
    }

    private static JobSpec JobSpec(LoweringContext context)
    {
        var stated = context.Workload.Annotations.Last<RunsToCompletionAnnotation>();
        return new(stated?.BackoffLimit ?? 3, stated is null
            ? null
            : (int)stated.TimeToLive.TotalSeconds, Pods.Template(context));
    }
}
