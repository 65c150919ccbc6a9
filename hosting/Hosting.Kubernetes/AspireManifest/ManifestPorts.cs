using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.AspireManifest;

/// <summary>Ports of bindings: stated ones as they are, others counted up from 8000 over the whole manifest, as Aspire does.</summary>
internal sealed class ManifestPorts
{
    private const int First = 8000;
    private readonly HashSet<int> _used = [];

    public (int? Port, int? TargetPort) Of(IResource resource, EndpointAnnotation endpoint, bool isFirstOfScheme)
    {
        var isHttp = endpoint.UriScheme is "http" or "https";
        var target = PortReader.Fixed(resource, endpoint)
            ?? (resource is ProjectResource && isHttp && isFirstOfScheme ? null : Allocate());
        int? exposed = endpoint.Port ?? (target is not null || isHttp ? null : Allocate());
        return (exposed is { } port && port != target ? port : null, target);
    }

    private int Allocate()
    {
        var port = First;
        while (!_used.Add(port))
        {
            port++;
        }

        return port;
    }
}
