using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>Which ports of a project take requests from outside the mesh.</summary>
internal static class ExternalPortsExtensions
{
    /// <summary>The variable; ServiceDefaults drops the call context of requests at these ports.</summary>
    public const string ExternalPortsVariable = "CallContext__ExternalPorts";

    /// <summary>
    /// Tells each project the ports of its external endpoints (<c>WithExternalHttpEndpoints</c>), as publishing does in a
    /// cluster, so that it believes no caller there.
    /// </summary>
    public static IDistributedApplicationBuilder AddExternalPorts(this IDistributedApplicationBuilder builder)
    {
        return builder.PrepareProjects((project, _) =>
            project.Annotations.Add(new EnvironmentCallbackAnnotation(context => AddPorts(project, context))));
    }

    // Each replica listens on a port of its own, which DCP fills in.
    private static void AddPorts(ProjectResource project, EnvironmentCallbackContext context)
    {
        var ports = new ReferenceExpressionBuilder();
        foreach (var endpoint in project.Annotations.OfType<EndpointAnnotation>().Where(endpoint => endpoint.IsExternal))
        {
            ports.AppendLiteral(ports.IsEmpty ? "" : ",");
            ports.AppendFormatted(new EndpointReference(project, endpoint).Property(EndpointProperty.TargetPort));
        }

        if (!ports.IsEmpty)
        {
            context.EnvironmentVariables[ExternalPortsVariable] = ports.Build();
        }
    }
}
