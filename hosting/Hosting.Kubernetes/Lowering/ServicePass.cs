using MonoRepo.Deploy.Model;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.Lowering;

/// <summary>Workload to its names: a Service of ready pods and, where callers have to see every member, a headless one.</summary>
internal static class ServicePass
{
    /// <summary>HTTP/2 without TLS, as proxies and Gateways read it.</summary>
    private const string H2c = "kubernetes.io/h2c";

    public static IEnumerable<KubernetesObject> Lower(LoweringContext context)
    {
        var workload = context.Workload;
        var selector = KubernetesLabels.Selector(workload.Name).MatchLabels!;
        if (workload.Ports.Count > 0)
        {
            yield return new Service(context.Meta(workload.Name) with { Annotations = Annotations(context) }, new(
                "ClusterIP", null, null, selector, Ports(workload)));
        }

        if (workload.IsHeadless)
        {
            var stable = workload.Annotations.Last<StableIdentityAnnotation>();
            yield return new Service(
                context.Meta(workload.HeadlessName),
                new("ClusterIP", "None", stable is { PublishNotReady: true }
                    ? true
                    : null, selector, [.. Ports(workload), .. PeerPorts(workload)]));
        }
    }

    private static IReadOnlyList<ServicePort> Ports(Workload workload) =>
        [.. workload.Ports.Select(
            p => new ServicePort(p.Name, p.Number, p.Name, p.IsHttp2 && !p.RequiresCertificate ? H2c : null))];

    private static IEnumerable<ServicePort> PeerPorts(Workload workload) =>
        (workload.Annotations.Last<PeerPortsAnnotation>()?.Ports ?? []).Where(n => workload.Ports.All(p => p.Number != n))
            .Select(n => new ServicePort($"peer-{n}", n, n));

    private static Dictionary<string, string> Annotations(LoweringContext context)
    {
        var annotations = KubernetesLabels.Owner(context.Workload.Name);
        if (context.Environment.Access is IngressAccessAnnotation { ClassName: "traefik" }
            && context.Workload.Ports.Any(p => p is { IsExternal: true, IsHttp2: true }))
        {
            annotations["traefik.ingress.kubernetes.io/service.serversscheme"] = "h2c";
        }

        return annotations;
    }
}
