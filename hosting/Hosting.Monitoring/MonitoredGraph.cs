using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting.Monitoring;

/// <summary>The graph as monitoring sees it in one environment.</summary>
/// <param name="Playbooks">What shows it, and what was done to the environment; null: nothing does.</param>
internal sealed record MonitoredGraph(IReadOnlyList<MonitoredResource> Resources, MonitoredResource? Playbooks = null)
{
    /// <summary>Those that are scraped.</summary>
    public IEnumerable<MonitoredResource> Scraped => Resources.Where(r => r.Metrics is not null);

    /// <summary>Reads the graph; a null environment is what is common to all, which is what runs locally too.</summary>
    public static MonitoredGraph Read(IEnumerable<IResource> resources, string? environment)
    {
        var all = resources.Where(r => r is not MonitoringResource && IsIn(r, environment)).ToList();
        return new(
            [
                .. from resource in all
                   where !IsPlaybooks(resource)
                   let monitored = Read(resource, environment)
                   where monitored.Metrics is not null || monitored.Alerts.Count > 0 || monitored.Rows.Count > 0
                   orderby monitored.Name
                   select monitored,
            ],
            all.Where(IsPlaybooks).Select(ReadPlaybooks).LastOrDefault());
    }

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

    private static bool IsPlaybooks(IResource resource) => resource.HasAnnotationOfType<PlaybooksAnnotation>();

    // Its effective annotations are made of the others.
    private static MonitoredResource ReadPlaybooks(IResource resource) => new(
        resource, resource.Name.ToLowerInvariant(), resource.Annotations.OfType<MetricsPortAnnotation>().LastOrDefault(), null,
        [], []);

    private static bool IsIn(IResource resource, string? environment) =>
        environment is null || resource.Annotations.OfType<OnlyInAnnotation>().LastOrDefault() is not { } only
        || only.Environments.Contains(environment, StringComparer.OrdinalIgnoreCase);
}
