using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>From the dashboard to a service's calls and back.</summary>
internal static class RpczLinksExtensions
{
    private const string Path = "/rpcz";

    /// <summary>
    /// Shows <c>/rpcz</c> of each project that is scraped among its URLs, and tells the project where the dashboard is, to whose
    /// traces that page links.
    /// </summary>
    public static IDistributedApplicationBuilder AddRpczLinks(this IDistributedApplicationBuilder builder)
    {
        return builder.PrepareProjects((project, model) =>
        {
            if (FindEndpoint(project) is { } endpoint)
            {
                project.Annotations.Add(new ResourceUrlsCallbackAnnotation(context =>
                    context.Urls.Add(new() { Url = Path, DisplayText = "rpcz", Endpoint = endpoint })));
                project.Annotations.Add(new EnvironmentCallbackAnnotation(context => AddDashboard(model, context)));
            }
        });
    }

    // The endpoint that is scraped: ServiceDefaults serves both there.
    private static EndpointReference? FindEndpoint(ProjectResource project)
    {
        var name = project.Annotations.OfType<MetricsPortAnnotation>().LastOrDefault()?.Endpoint
            ?? EffectiveAnnotations.ManagementEndpoint;
        return project.Annotations.OfType<EndpointAnnotation>().FirstOrDefault(endpoint => endpoint.Name == name) is { } endpoint
            ? new(project, endpoint)
            : null;
    }

    private static void AddDashboard(DistributedApplicationModel model, EnvironmentCallbackContext context)
    {
        var resources = model.Resources.OfType<IResourceWithEndpoints>();
        if (resources.FirstOrDefault(resource => resource.Name == DashboardAnnouncement.Dashboard) is { } dashboard
            && DashboardAnnouncement.FindFrontend(dashboard) is { } frontend)
        {
            context.EnvironmentVariables["Rpcz__DashboardUrl"] = frontend;
        }
    }
}
