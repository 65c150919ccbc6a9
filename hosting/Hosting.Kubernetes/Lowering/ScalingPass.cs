using MonoRepo.Deploy.Model;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.Lowering;

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
