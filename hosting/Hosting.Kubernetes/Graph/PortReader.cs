using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Deploy.Model;

namespace MonoRepo.Hosting.Kubernetes.Graph;

/// <summary>Endpoints to ports. A port has one number, in the container, in the Service and in every caller's address.</summary>
internal static class PortReader
{
    private const int FirstFree = 8080;

    public static IReadOnlyList<WorkloadPort> Read(IResource resource, EffectiveAnnotations annotations, ValidationErrors errors)
    {
        if (annotations.Has<PublishedPortAnnotation>())
        {
            List<WorkloadPort> published =
            [
                .. annotations.Named<PublishedPortAnnotation>(p => p.Name)
                    .Select(p => new WorkloadPort(p.Name, PortNames.Of(p.Name), p.Port, p.Scheme, p.IsHttp2, p.IsExternal)),
            ];
            CheckNames(resource, published, errors);
            return published;
        }

        var endpoints = annotations.All<EndpointAnnotation>().ToList();
        var used = endpoints.Select(e => Fixed(resource, e)).OfType<int>().ToHashSet();
        var ports = new List<WorkloadPort>();
        var twin = TlsTwin(resource, endpoints);
        var served = twin is null ? null : Served(endpoints);
        foreach (var endpoint in endpoints.Where(e => e != twin))
        {
            if (endpoint.Protocol != ProtocolType.Tcp)
            {
                errors.Add(resource.Name, $"endpoint '{endpoint.Name}'", "is UDP, which nothing here can probe or route",
                    "remove it or exclude the resource with ExcludeFromManifest()");
            }

            if (Fixed(resource, endpoint) is not { } number)
            {
                if (resource is ContainerResource)
                {
                    errors.Add(resource.Name, $"endpoint '{endpoint.Name}'", "has no target port",
                        "give the port that the container listens on: targetPort");
                }

                number = FirstFree;
                while (!used.Add(number))
                {
                    number++;
                }
            }

            var isExternal = endpoint.IsExternal || (endpoint == served && twin!.IsExternal);

            // Kubelets, scrapers and ways in have no certificate of the graph's.
            var requiresCertificate = annotations.Has<MutualTlsAnnotation>() && !isExternal
                && endpoint.UriScheme is "http" or "https"
                && !string.Equals(endpoint.Name, annotations.MetricsPort?.Endpoint, StringComparison.OrdinalIgnoreCase);

            // Without a certificate a project serves by http in a pod what it serves by https elsewhere.
            var scheme = requiresCertificate ? "https"
                : resource is ProjectResource && endpoint.UriScheme == "https" ? "http" : endpoint.UriScheme;
            ports.Add(new(endpoint.Name, PortNames.Of(endpoint.Name), number, scheme, endpoint.Transport == "http2", isExternal)
            {
                TlsEndpoint = endpoint == served ? twin!.Name : null,
                RequiresCertificate = requiresCertificate,
            });
        }

        CheckNames(resource, ports, errors);
        foreach (var group in ports.GroupBy(p => p.Number).Where(g => g.Count() > 1))
        {
            errors.Add(resource.Name, $"endpoints {string.Join(", ", group.Select(p => $"'{p.Endpoint}'"))}",
                $"share the port {group.Key}", "give each a target port of its own");
        }

        return ports;
    }

    /// <summary>
    /// The target port, which for a project is the one in <c>Kestrel:Endpoints</c> of its settings; without one, for a container
    /// its port. Port 0 asks for any free port, and ports of launch settings mean the developer's machine.
    /// </summary>
    public static int? Fixed(IResource resource, EndpointAnnotation endpoint) =>
        endpoint.TargetPort is { } target and not 0 ? target : resource is ContainerResource ? endpoint.Port : null;

    /// <summary>TLS ends at the way in: a project's endpoint <c>https</c> beside an http one is for local runs.</summary>
    private static EndpointAnnotation? TlsTwin(IResource resource, List<EndpointAnnotation> all) =>
        resource is ProjectResource && all.Exists(e => e.UriScheme == "http")
            ? all.Find(e => e.UriScheme == "https" && e.Name.Equals("https", StringComparison.OrdinalIgnoreCase))
            : null;

    /// <summary>
    /// The endpoint that serves in a pod what the twin serves locally: <c>http</c>, else the first that callers may refer to.
    /// </summary>
    private static EndpointAnnotation Served(List<EndpointAnnotation> all)
    {
        var candidates = all.Where(e => e.UriScheme == "http").ToList();
        return candidates.Find(e => e.Name.Equals("http", StringComparison.OrdinalIgnoreCase))
            ?? candidates.Find(e => !e.ExcludeReferenceEndpoint) ?? candidates[0];
    }

    /// <summary>Port names are cut to 15 characters, after which they may be the same.</summary>
    private static void CheckNames(IResource resource, List<WorkloadPort> ports, ValidationErrors errors)
    {
        foreach (var group in ports.GroupBy(p => p.Name).Where(g => g.Count() > 1))
        {
            errors.Add(
                resource.Name,
                $"endpoints {string.Join(", ", group.Select(p => $"'{p.Endpoint}'"))}",
                $"are all the port '{group.Key}' in a cluster, where its name has {PortNames.Longest} characters at most",
                $"use names that differ in the first {PortNames.Longest} characters");
        }
    }
}
