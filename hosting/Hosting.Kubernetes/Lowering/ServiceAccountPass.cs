using MonoRepo.Deploy.Model;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.Lowering;

/// <summary>
/// Each workload has an identity of its own. Tokens of it are only those that <see cref="Volumes"/> asks for: for the services
/// that it calls, and for the issuer's keys.
/// </summary>
internal static class ServiceAccountPass
{
    public static IEnumerable<KubernetesObject> Lower(LoweringContext context)
    {
        var annotations = KubernetesLabels.Owner(context.Workload.Name);
        foreach (var annotation in context.Workload.Annotations.All<PodMetadataAnnotation>()
            .Where(a => a.Target == PodMetadataTarget.ServiceAccount))
        {
            annotations[annotation.Key] = annotation.Value;
        }

        yield return new ServiceAccount(context.Meta(context.Workload.Name) with { Annotations = annotations }, false);
    }
}
