using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting.Run.Dcp;
using MonoRepo.Hosting.Run.Dcp.Lowering;

namespace MonoRepo.Hosting.Run.Orchestration;

/// <summary>What the graph's endpoints ask of DCP.</summary>
internal sealed class EndpointPlanner(DcpOptions options, FreePorts ports)
{
    private const string AllInterfaces = "0.0.0.0";

    /// <summary>The endpoints of a resource.</summary>
    /// <param name="isUsedByContainer">A container calls it, so loopback would not do.</param>
    public IEnumerable<EndpointPlan> PlanOf(IResource resource, int replicas, bool isUsedByContainer) =>
        resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => Plan(resource, endpoint, replicas, isUsedByContainer));

    private EndpointPlan Plan(IResource resource, EndpointAnnotation endpoint, int replicas, bool isUsedByContainer)
    {
        var isProxied = endpoint.IsProxied
            && resource.Annotations.OfType<ProxySupportAnnotation>().LastOrDefault() is not { ProxyEnabled: false };
        if (!isProxied && replicas > 1)
        {
            throw new DistributedApplicationException(
                $"Endpoint '{endpoint.Name}' of '{resource.Name}' has no proxy, so {replicas} replicas would fight for one port. Leave out isProxied: false, or WithReplicas.");
        }

        if (isProxied && replicas > 1 && endpoint.TargetPort is { } target)
        {
            throw new DistributedApplicationException(
                $"Endpoint '{endpoint.Name}' of '{resource.Name}' has the fixed target port {target}, which {replicas} replicas can't share. Leave out targetPort, or WithReplicas.");
        }

        var isContainer = resource.IsContainer();
        var (port, targetPort) = isProxied
            ? (options.RandomizePorts ? null : endpoint.Port, endpoint.TargetPort)
            : Proxyless(endpoint, isContainer);
        if (isProxied && !isContainer && port is not null && port == targetPort)
        {
            throw new DistributedApplicationException(
                $"Endpoint '{endpoint.Name}' of '{resource.Name}' has the same port and target port {port}: proxy and process can't both listen there. Leave out targetPort, or set isProxied: false.");
        }

        return new EndpointPlan(
            resource.Name,
            endpoint.Name,
            endpoint.Protocol.ToString().ToUpperInvariant(),
            endpoint.TargetHost,
            isProxied && isUsedByContainer ? AllInterfaces : endpoint.TargetHost,
            port,
            targetPort,
            isProxied);
    }

    private (int? Port, int? TargetPort) Proxyless(EndpointAnnotation endpoint, bool isContainer)
    {
        var port = endpoint.Port ?? (isContainer ? null : endpoint.TargetPort) ?? ports.Next();
        return (port, isContainer ? endpoint.TargetPort : port);
    }
}
