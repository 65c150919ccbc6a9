using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>What engines do with projects.</summary>
public static class ProjectLaunchExtensions
{
    /// <summary>
    /// Adds what a project is told when it runs on this machine: ASPNETCORE_URLS, launch profile and its arguments. It comes
    /// before the resource's own arguments and variables, so that these win; other resources get nothing.
    /// </summary>
    public static IExecutionConfigurationBuilder WithProjectLaunchConfig(this IExecutionConfigurationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddExecutionConfigurationGatherer(new ProjectLaunchGatherer());
    }

    /// <summary>Whether a launch profile or Kestrel settings stated the endpoint, rather than the graph.</summary>
    public static bool IsFromLaunchSettings(this EndpointAnnotation endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return endpoint.FromLaunchProfile;
    }
}
