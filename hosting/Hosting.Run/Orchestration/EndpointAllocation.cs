using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting.Run.Dcp.Lowering;

namespace MonoRepo.Hosting.Run.Orchestration;

/// <summary>Turns the ports that DCP gave into addresses of the graph's endpoints.</summary>
internal static class EndpointAllocation
{
    /// <summary>
    /// How callers name the host: <c>localhost</c> stays (also for <c>*.localhost</c>, all interfaces and other names), an
    /// address stays itself.
    /// </summary>
    public static (string Address, EndpointBindingMode Binding) AddressOf(string targetHost) => targetHost switch
    {
        "0.0.0.0" => (KnownHostNames.Localhost, EndpointBindingMode.IPv4AnyAddresses),
        "::" or "[::]" => (KnownHostNames.Localhost, EndpointBindingMode.DualStackAnyAddresses),
        _ when System.Net.IPAddress.TryParse(targetHost, out _) => (targetHost, EndpointBindingMode.SingleAddress),
        _ => (KnownHostNames.Localhost, EndpointBindingMode.SingleAddress),
    };

    /// <summary>Gives an endpoint, or one replica of it, its addresses: on this machine and, for containers, in their network.</summary>
    /// <param name="addresses">Where the addresses go.</param>
    /// <param name="port">The port that callers on this machine use.</param>
    /// <param name="targetPort">Fixed port of the process, or null when DCP picks it.</param>
    public static void Allocate(
        IResource resource, EndpointAnnotation endpoint, NetworkEndpointSnapshotList addresses, ServicePlan service, int port, int? targetPort)
    {
        var (address, binding) = AddressOf(endpoint.TargetHost);
        var target = targetPort?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? DcpTemplate.PortForServing(service.Name);
        addresses.AddOrUpdateAllocatedEndpoint(
            KnownNetworkIdentifiers.LocalhostNetwork,
            new AllocatedEndpoint(endpoint, address, port, binding, target, KnownNetworkIdentifiers.LocalhostNetwork));

        var (containerHost, containerPort) = resource.IsContainer() ? (resource.Name, targetPort ?? port) : (ContainerLowering.HostName, port);
        addresses.AddOrUpdateAllocatedEndpoint(
            KnownNetworkIdentifiers.DefaultAspireContainerNetwork,
            new AllocatedEndpoint(
                endpoint, containerHost, containerPort, EndpointBindingMode.SingleAddress, target, KnownNetworkIdentifiers.DefaultAspireContainerNetwork));
    }
}
