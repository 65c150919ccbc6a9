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

/// <summary>External endpoints to the way in that the environment has: an Ingress, or a route of the Gateway API.</summary>
internal static class RoutePass
{
    public static IEnumerable<KubernetesObject> Lower(LoweringContext context)
    {
        var external = context.Workload.Ports.Where(p => p.IsExternal).ToList();
        foreach (var port in external)
        {
            // One external endpoint is reached by the resource's name, further ones by their own as well.
            var name = port == external[0] ? context.Workload.Name : $"{context.Workload.Name}-{port.Name}";
            switch (context.Environment.Access)
            {
                case IngressAccessAnnotation ingress:
                    yield return Ingress(context, name, port, ingress);
                    break;
                case GatewayAccessAnnotation gateway:
                    yield return Route(context, name, port, gateway);
                    break;
            }
        }
    }

    private static Ingress Ingress(LoweringContext context, string name, WorkloadPort port, IngressAccessAnnotation access)
    {
        var host = $"{name}.{access.Domain}";
        var meta = context.Meta(name);
        if (port.IsHttp2 && access.ClassName == "nginx")
        {
            meta = meta with
            {
                Annotations = new Dictionary<string, string>(meta.Annotations!)
                {
                    ["nginx.ingress.kubernetes.io/backend-protocol"] = "GRPC",
                },
            };
        }

        return new(meta, new(
            access.ClassName,
            access.TlsSecret is { } secret ? [new([host], secret)] : null,
            [new(host, new([new("/", "Prefix", new(new(context.Workload.Name, new(port.Number))))]))]));
    }

    private static GatewayRoute Route(LoweringContext context, string name, WorkloadPort port, GatewayAccessAnnotation access) =>
        new(
        port.IsHttp2 ? "GRPCRoute" : "HTTPRoute",
        context.Meta(name),
        new([new(access.Gateway, access.GatewayNamespace, access.Section)], [
            $"{name}.{access.Domain}",
        ], [new([new(context.Workload.Name, port.Number)])]));
}
