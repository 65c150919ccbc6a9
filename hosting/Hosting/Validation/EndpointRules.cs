using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>Endpoints can all be listened on at the same time.</summary>
internal static class EndpointRules
{
    internal static IEnumerable<string> Check(IReadOnlyCollection<IResource> resources)
    {
        var all = resources.SelectMany(r => r.Annotations.OfType<EndpointAnnotation>().Select(e => (Resource: r, Endpoint: e))).ToArray();
        return [.. SamePort(all), .. SameTargetPort(all), .. SameName(all), .. Replicas(all)];
    }

    private static IEnumerable<string> SamePort((IResource Resource, EndpointAnnotation Endpoint)[] all) =>
        all.Where(e => e.Endpoint.Port is > 0)
            .GroupBy(e => (e.Endpoint.Port, e.Endpoint.Protocol))
            .Where(g => g.Count() > 1)
            .Select(g => $"{Names(g)} use the same port {g.Key.Port}. Give each a port of its own, or leave the port out to get a free one.");

    /// <summary>Processes of the host share its ports; each container has its own.</summary>
    private static IEnumerable<string> SameTargetPort((IResource Resource, EndpointAnnotation Endpoint)[] all) =>
        all.Where(e => e.Endpoint.TargetPort is > 0 && e.Resource is ProjectResource or ExecutableResource && !IsPortToo(e.Endpoint))
            .GroupBy(e => (e.Endpoint.TargetPort, e.Endpoint.Protocol))
            .Where(g => g.Count() > 1)
            .Select(g => $"{Names(g)} listen on the same target port {g.Key.TargetPort}. Give each a target port of its own, or leave it out to get a free one.");

    private static IEnumerable<string> SameName((IResource Resource, EndpointAnnotation Endpoint)[] all) =>
        all.GroupBy(e => e.Resource, ReferenceEqualityComparer.Instance)
            .SelectMany(r => r.GroupBy(e => e.Endpoint.Name, StringComparer.OrdinalIgnoreCase))
            .Where(g => g.Count() > 1)
            .Select(g => $"Endpoint with name '{g.Key}' already exists on resource '{g.First().Resource.Name}'. Endpoint name may need to be explicitly specified.");

    /// <summary>Copies of a process cannot listen on one port; a port of its own needs a proxy to share it.</summary>
    private static IEnumerable<string> Replicas((IResource Resource, EndpointAnnotation Endpoint)[] all)
    {
        foreach (var (resource, endpoint) in all)
        {
            var replicas = resource.GetReplicaCount();
            if (replicas < 2)
            {
                continue;
            }

            if (!endpoint.IsProxied && endpoint.Port is > 0)
            {
                yield return $"Resource '{resource.Name}' uses multiple replicas and a proxy-less endpoint '{endpoint.Name}' on port {endpoint.Port}. These features do not work together: leave out isProxied: false, or WithReplicas({replicas}).";
            }
            else if (endpoint.IsProxied && endpoint.TargetPort is > 0 && resource is ProjectResource or ExecutableResource)
            {
                yield return $"Resource '{resource.Name}' has {replicas} replicas whose endpoint '{endpoint.Name}' is fixed to the target port {endpoint.TargetPort}: only one process can listen on it. Leave the target port out.";
            }
        }
    }

    // Without a proxy port and target port are one, and the same port is reported already.
    private static bool IsPortToo(EndpointAnnotation endpoint) => !endpoint.IsProxied && endpoint.Port == endpoint.TargetPort;

    private static string Names(IEnumerable<(IResource Resource, EndpointAnnotation Endpoint)> endpoints) =>
        "Endpoints " + string.Join(" and ", endpoints.Select(e => $"'{e.Endpoint.Name}' of '{e.Resource.Name}'"));
}
