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
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static IEnumerable<KubernetesObject> Lower(LoweringContext context)
    {
        var workload = context.Workload;
        var meta = context.Meta(workload.Name);
        yield return workload.Kind switch
        {
            WorkloadKind.StatefulSet => StatefulSet(context, meta),
            WorkloadKind.Job => new Job(meta, JobSpec(context)),
            WorkloadKind.CronJob =>
                CronJob(meta, workload.Annotations.Last<ScheduleAnnotation>()!.Schedule, JobSpec(context) with
                {
                    TtlSecondsAfterFinished = null,
                }),
            _ => Deployment(context, meta),
        };
    }

    public static CronJob CronJob(ObjectMeta meta, Schedule schedule, JobSpec job) => new(meta, new(
        schedule.Cron, schedule.TimeZone, schedule.Concurrency.ToString(), History, History, new(new(null, meta.Labels), job)));

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
            annotations[KubernetesLabels.Scaling] = Json(scaling);
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
                WithRestore(meta, task.Restore), task.Schedule, new(Retries, null, Pods.Task(context, task)));
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
            [KubernetesLabels.Restore] = WorkloadPass.Json(restore),
        },
    };
}

/// <summary>Autoscaler where asked for; disruption budget where more than one pod may run: it can't protect one.</summary>
internal static class ScalingPass
{
    public static IEnumerable<KubernetesObject> Lower(LoweringContext context)
    {
        var workload = context.Workload;
        if (!workload.IsServing)
        {
            yield break;
        }

        if (Math.Max(workload.Replicas, workload.Autoscaling?.Max ?? 0) > 1)
        {
            yield return new PodDisruptionBudget(
                context.Meta(workload.Name), new(1, "AlwaysAllow", KubernetesLabels.Selector(workload.Name)));
        }

        if (workload.Autoscaling is { } scaling)
        {
            yield return new HorizontalPodAutoscaler(context.Meta(workload.Name), new(
                new("apps/v1", "Deployment", workload.Name),
                scaling.Min,
                scaling.Max,
                [new("Resource", new("cpu", new("Utilization", scaling.TargetCpu)))]));
        }
    }
}
