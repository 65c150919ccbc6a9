using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>How a project is started: what its launch profile and its Kestrel settings say.</summary>
public sealed class ProjectLaunchAnnotation : IResourceAnnotation
{
    /// <summary>Name of the launch profile; null when none is used.</summary>
    public string? ProfileName { get; init; }

    /// <summary>The launch profile; null when none is used.</summary>
    public LaunchProfile? Profile { get; init; }

    /// <summary>Configuration keys of endpoints from Kestrel:Endpoints, by endpoint name; these are not in ASPNETCORE_URLS.</summary>
    public IReadOnlyDictionary<string, string> KestrelEndpoints { get; init; } = new Dictionary<string, string>();

    /// <summary>Which endpoints are told to the project by environment variables.</summary>
    internal List<Func<EndpointAnnotation, bool>> EndpointFilters { get; } = [];

    /// <summary>The http and https endpoints that ASPNETCORE_URLS or HTTP_PORTS tells to the project.</summary>
    public IEnumerable<EndpointReference> GetEnvironmentEndpoints(ProjectResource project)
    {
        ArgumentNullException.ThrowIfNull(project);
        return project.GetEndpoints().Where(e =>
            (e.IsHttp || e.IsHttps)
            && !KestrelEndpoints.ContainsKey(e.EndpointName)
            && EndpointFilters.TrueForAll(filter => filter(e.EndpointAnnotation)));
    }
}
