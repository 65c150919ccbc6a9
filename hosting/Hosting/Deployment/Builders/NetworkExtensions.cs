using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;

namespace Aspire.Hosting;

/// <summary>Traffic that no reference of the graph speaks of.</summary>
public static class NetworkExtensions
{
    /// <summary>Ports on which the members of the resource talk to each other.</summary>
    public static IResourceBuilder<T> WithPeerPorts<T>(this IResourceBuilder<T> builder, params int[] ports)
        where T : IResource =>
        builder.WithAnnotation(new PeerPortsAnnotation(ports), ResourceAnnotationMutationBehavior.Replace);

    /// <summary>A destination outside of the graph that the resource may reach.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="port">TCP port.</param>
    /// <param name="cidr">Addresses where known, such as <c>10.1.0.0/16</c>; null: any.</param>
    public static IResourceBuilder<T> WithEgress<T>(this IResourceBuilder<T> builder, int port, string? cidr = null)
        where T : IResource => builder.WithAnnotation(new EgressAnnotation(port, cidr));
}
