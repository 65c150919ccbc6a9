using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>Instances of resources.</summary>
public static class InstanceExtensions
{
    /// <summary>Names of the instances; a resource that no engine has replicated is its own instance.</summary>
    public static IReadOnlyList<string> GetInstanceNames(this IResource resource) =>
        resource.TryGetLastAnnotation<InstancesAnnotation>(out var instances) && instances.Names.Count > 0
            ? instances.Names
            : [resource.Name];

    /// <summary>Type, as the dashboard shows it.</summary>
    public static string GetResourceType(this IResource resource) => resource switch
    {
        ProjectResource => "Project",
        ContainerResource => "Container",
        ExecutableResource => "Executable",
        ParameterResource => "Parameter",
        Aspire.Hosting.ConnectionStringResource => "ConnectionString",
        Aspire.Hosting.ExternalServiceResource => "ExternalService",
        _ => resource.GetType().Name,
    };
}
