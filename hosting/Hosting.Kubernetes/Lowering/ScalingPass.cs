using MonoRepo.Hosting.Kubernetes.Model;

namespace MonoRepo.Hosting.Kubernetes.Lowering;

/// <summary>Autoscaler where asked for, disruption budget for all that serve.</summary>
internal static class ScalingPass
{
    public static IEnumerable<KubernetesObject> Lower(LoweringContext context)
    {
        var workload = context.Workload;
        if (!workload.IsServing)
        {
            yield break;
        }

        yield return new PodDisruptionBudget(Marks.Meta(context, workload.Name), new(1, "AlwaysAllow", Marks.Selector(workload.Name)));
        if (workload.Autoscaling is { } scaling)
        {
            yield return new HorizontalPodAutoscaler(Marks.Meta(context, workload.Name), new(
                new("apps/v1", "Deployment", workload.Name),
                scaling.Min,
                scaling.Max,
                [new("Resource", new("cpu", new("Utilization", scaling.TargetCpu)))]));
        }
    }
}
