using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;
using MonoRepo.Hosting.Monitoring;
using MonoRepo.Hosting.Monitoring.Grafana;
using MonoRepo.Hosting.Monitoring.Kubernetes;

namespace Aspire.Hosting;

/// <summary>A service of the graph that shows alerts, runbooks and dashboards.</summary>
public static class PlaybooksExtensions
{
    /// <summary>
    /// Adds the pages that a person looks at: alerts, silences, error budgets, the panels of all dashboards, and the runbooks,
    /// to which the alerts then lead. Locally it starts once everything else is ready, and its link is in the dashboard; in a
    /// cluster it is reached by <c>port-forward</c>.
    /// </summary>
    /// <typeparam name="TPlaybooks">The project.</typeparam>
    /// <param name="builder">Monitoring.</param>
    /// <param name="configure">Settings of the service.</param>
    /// <param name="name">Name of the resource.</param>
    public static IResourceBuilder<MonitoringResource> WithPlaybooks<TPlaybooks>(
        this IResourceBuilder<MonitoringResource> builder,
        Action<IResourceBuilder<ProjectResource>>? configure = null,
        [ResourceName] string name = "playbooks")
        where TPlaybooks : IProjectMetadata, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        var all = builder.ApplicationBuilder.Resources;
        var playbooks = builder.ApplicationBuilder.AddProject<TPlaybooks>(name);
        var annotation = new PlaybooksAnnotation(playbooks.Resource);
        playbooks.WithHttpHealthCheck("/health")
            // Operators ask there, whom nobody checks, and Prometheus in a cluster for the history. There are no alerts of its
            // own: who looks sees whether it is there.
            .WithMetricsEndpoint()
            .WithAnnotation(
                new PublishedPortAnnotation(PlaybooksAnnotation.Endpoint, PlaybooksAnnotation.ServicePort) { Scheme = "http" })
            .WithUrlForEndpoint(PlaybooksAnnotation.Endpoint, url => url.DisplayText = "Alerts and runbooks")
            .WithDeferredStart()
            .WithResources(cpuRequest: "20m", memoryRequest: "96Mi", memoryLimit: "192Mi")
            .WithAnnotation(annotation)
            .WithAnnotation(new ActivityLogMountAnnotation(PlaybooksAnnotation.MountedHistory))
            .WithAnnotation(new DeploymentFactsAnnotation(context =>
            [
                new MountedFilesAnnotation(
                    "dashboards",
                    Dashboards.Files(MonitoredGraph.Read(all, context.Environment)),
                    PlaybooksAnnotation.MountedDashboards,
                    RollOnChange: false),
            ]))
            .WithEnvironment(context =>
            {
                // Local monitoring says where things are on this machine.
                if (context.ExecutionContext.IsPublishMode)
                {
                    PlaybooksAnnotation.Set(
                        context,
                        $"http://{MonitoringNames.PrometheusService}:{MonitoringNames.PrometheusPort}",
                        $"http://{MonitoringNames.AlertmanagerService}:{MonitoringNames.AlertmanagerPort}",
                        PlaybooksAnnotation.MountedDashboards);
                    context.EnvironmentVariables["Playbooks__History"] = PlaybooksAnnotation.MountedHistory;
                }
            });
        configure?.Invoke(playbooks);
        return builder.WithAnnotation(annotation);
    }
}
