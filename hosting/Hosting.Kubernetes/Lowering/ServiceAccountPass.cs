using MonoRepo.Deploy.Model;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.Lowering;

/// <summary>Each workload has an identity of its own, and no token of it: nothing here talks to the Kubernetes API.</summary>
internal static class ServiceAccountPass
{
    public static IEnumerable<KubernetesObject> Lower(LoweringContext context)
    {
        var annotations = KubernetesLabels.Owner(context.Workload.Name);
        foreach (var annotation in context.Workload.Annotations.All<PodMetadataAnnotation>().Where(a => a.Target == PodMetadataTarget.ServiceAccount))
        {
            annotations[annotation.Key] = annotation.Value;
        }

        yield return new ServiceAccount(context.Meta(context.Workload.Name) with { Annotations = annotations }, false);
    }
}
