using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;
using MonoRepo.Hosting.Monitoring;
using MonoRepo.Hosting.Monitoring.Kubernetes;
using MonoRepo.Hosting.Monitoring.Local;

namespace Aspire.Hosting;

/// <summary>Adds monitoring to the graph.</summary>
public static class MonitoringBuilderExtensions
{
    /// <summary>
    /// Adds Prometheus, Alertmanager and Grafana for all resources of the graph, wherever it is called. In a cluster they are
    /// run by their operators. Locally they are started when everything else is healthy: as native programs when
    /// <c>prometheus</c> and <c>prometheus-alertmanager</c> are on the PATH, else as containers; without either the resources say
    /// what to install.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Name of the resource.</param>
    /// <exception cref="DistributedApplicationException">The graph has monitoring already.</exception>
    public static IResourceBuilder<MonitoringResource> AddMonitoring(
        this IDistributedApplicationBuilder builder, [ResourceName] string name = "monitoring")
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Resources.OfType<MonitoringResource>().FirstOrDefault() is { } earlier)
        {
            throw new DistributedApplicationException(
                $"The graph has monitoring already: '{earlier.Name}'. Settings by environment are made with In(environment, …).");
        }

        var resource = new MonitoringResource(name);
        builder.AddCommandLineSwitch(
            "--monitoring", LocalMonitoringOptions.ProgramsKey, "How Prometheus, Alertmanager and Grafana run",
            LocalMonitoringOptions.Names);
        var added = builder.AddResource(resource).ExcludeFromAspireManifest().WithIconName("HeartPulse")
            .WithInitialState(new() { ResourceType = "Monitoring", Properties = [] })
            .WithAnnotation(new MetricsScraperAnnotation(MonitoringLabels.PrometheusPods))
            .WithAnnotation(new MetricsQueryAnnotation(
                MonitoringNames.PrometheusService, MonitoringNames.PrometheusPort, MonitoringLabels.PrometheusPods))
            .WithAnnotation(new DeploymentFactsAnnotation(context => MonitoringManifests.Of(context, builder.Resources)));
        LocalMonitoring.Add(builder, resource);
        return added;
    }

    /// <summary>
    /// How long Prometheus keeps samples in a cluster; 31 days by default, which an error budget of 30 days needs.
    /// </summary>
    public static IResourceBuilder<MonitoringResource> WithRetention(
        this IResourceBuilder<MonitoringResource> builder, TimeSpan time)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.FromHours(1));
        return builder.WithAnnotation(new RetentionAnnotation(time), ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>Where alerts lead people, in every environment unless set inside of <c>In</c>.</summary>
    /// <param name="builder">Monitoring.</param>
    /// <param name="runbooks">URL of the folder of the runbook pages; by default that of <c>WithPlaybooks</c>, else a path in the
    /// repository.</param>
    /// <param name="grafana">Address of Grafana, such as <c>https://grafana.example.org</c>.</param>
    public static IResourceBuilder<MonitoringResource> WithLinks(
        this IResourceBuilder<MonitoringResource> builder, string? runbooks = null, string? grafana = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var links = new MonitoringLinks();
        return builder.WithAnnotation(
            new MonitoringLinksAnnotation(new(runbooks?.TrimEnd('/'), grafana?.TrimEnd('/') ?? links.Grafana)),
            ResourceAnnotationMutationBehavior.Replace);
    }
}
