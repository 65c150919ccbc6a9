using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting.Monitoring;

/// <summary>The graph as monitoring sees it in one environment.</summary>
internal sealed record MonitoredGraph(IReadOnlyList<MonitoredResource> Resources)
{
    /// <summary>Those that are scraped.</summary>
    public IEnumerable<MonitoredResource> Scraped => Resources.Where(r => r.Metrics is not null);

    /// <summary>Reads the graph; a null environment is what is common to all, which is what runs locally too.</summary>
    public static MonitoredGraph Read(IEnumerable<IResource> resources, string? environment) => new(
    [
        .. from resource in resources
           where IsIn(resource, environment)
           let monitored = Read(resource, environment)
           where monitored.Metrics is not null || monitored.Alerts.Count > 0 || monitored.Rows.Count > 0
           orderby monitored.Name
           select monitored,
    ]);

    private static MonitoredResource Read(IResource resource, string? environment)
    {
        var annotations = new EffectiveAnnotations(resource, environment);
        return new(
            resource,
            resource.Name.ToLowerInvariant(),
            annotations.MetricsPort,
            annotations.Last<ServiceLevelAnnotation>(),
            [.. annotations.All<AlertRulesAnnotation>().SelectMany(a => a.Rules)],
            [.. annotations.Named<DashboardRowAnnotation>(r => r.Title)]);
    }

    private static bool IsIn(IResource resource, string? environment) =>
        resource is not MonitoringResource
        // Its files are made of the others.
        && !resource.HasAnnotationOfType<PlaybooksAnnotation>()
        && (environment is null
            || resource.Annotations.OfType<OnlyInAnnotation>().LastOrDefault() is not { } only
            || only.Environments.Contains(environment, StringComparer.OrdinalIgnoreCase));
}
