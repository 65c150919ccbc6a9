using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Deploy.Model;

namespace MonoRepo.Hosting.Kubernetes.Graph;

/// <summary>Endpoints to ports. A port has one number, in the container, in the Service and in every caller's address.</summary>
internal static class PortReader
{
    private const int FirstFree = 8080;
    private const int LongestName = 15;

    public static IReadOnlyList<WorkloadPort> Read(IResource resource, EffectiveAnnotations annotations, Faults faults)
    {
        if (annotations.Has<PublishedPortAnnotation>())
        {
            return [.. annotations.Named<PublishedPortAnnotation>(p => p.Name).Select(p => new WorkloadPort(p.Name, PortName(p.Name), p.Port, p.Scheme, p.IsHttp2, p.IsExternal))];
        }

        var endpoints = annotations.All<EndpointAnnotation>().ToList();
        var used = endpoints.Select(e => Fixed(resource, e)).OfType<int>().ToHashSet();
        var ports = new List<WorkloadPort>();
        foreach (var endpoint in endpoints.Where(e => !IsTlsTwin(resource, e, endpoints)))
        {
            if (endpoint.Protocol != ProtocolType.Tcp)
            {
                faults.Add(resource.Name, $"endpoint '{endpoint.Name}'", "is UDP, which nothing here can probe or route", "remove it or exclude the resource with ExcludeFromManifest()");
            }

            if (Fixed(resource, endpoint) is not { } number)
            {
                if (resource is ContainerResource)
                {
                    faults.Add(resource.Name, $"endpoint '{endpoint.Name}'", "has no target port", "give the port that the container listens on: targetPort");
                }

                number = FirstFree;
                while (!used.Add(number))
                {
                    number++;
                }
            }

            ports.Add(new(endpoint.Name, PortName(endpoint.Name), number, endpoint.UriScheme, endpoint.Transport == "http2", endpoint.IsExternal));
        }

        foreach (var group in ports.GroupBy(p => p.Number).Where(g => g.Count() > 1))
        {
            faults.Add(resource.Name, $"endpoints {string.Join(", ", group.Select(p => $"'{p.Endpoint}'"))}", $"share the port {group.Key}", "give each a target port of its own");
        }

        return ports;
    }

    /// <summary>
    /// The target port, which for a project is the one in <c>Kestrel:Endpoints</c> of its settings; without one, for a container its
    /// port. Port 0 asks for any free port, and ports of launch settings mean the developer's machine.
    /// </summary>
    public static int? Fixed(IResource resource, EndpointAnnotation endpoint) =>
        endpoint.TargetPort is { } target and not 0 ? target : resource is ContainerResource ? endpoint.Port : null;

    /// <summary>TLS ends at the way in: a project's https endpoint beside an http one is for local runs.</summary>
    private static bool IsTlsTwin(IResource resource, EndpointAnnotation endpoint, List<EndpointAnnotation> all) =>
        resource is ProjectResource && endpoint.UriScheme == "https" && all.Exists(e => e.UriScheme == "http");

    private static string PortName(string endpoint)
    {
        var name = endpoint.ToLowerInvariant();
        return name.Length <= LongestName ? name : name[..LongestName].TrimEnd('-');
    }
}
