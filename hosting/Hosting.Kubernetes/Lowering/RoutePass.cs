using MonoRepo.Deploy.Model;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.Lowering;

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
