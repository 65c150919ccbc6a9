using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting.Monitoring;

/// <summary>What monitoring knows of a resource in one environment.</summary>
/// <param name="Name">Its name: the label <c>job</c> of its series, and the uid of its dashboard.</param>
/// <param name="Metrics">Where it is scraped; null: others speak for it.</param>
internal sealed record MonitoredResource(
    IResource Resource,
    string Name,
    MetricsPortAnnotation? Metrics,
    ServiceLevelAnnotation? ServiceLevel,
    IReadOnlyList<AlertRule> Alerts,
    IReadOnlyList<DashboardRowAnnotation> Rows)
{
    /// <summary>A .NET service: its runtime is measured.</summary>
    public bool IsService => Resource is ProjectResource && Metrics is not null;

    /// <summary>It serves gRPC: an endpoint speaks HTTP/2.</summary>
    public bool IsServer => IsService && Resource.Annotations.OfType<EndpointAnnotation>().Any(e => e.Transport == "http2");

    /// <summary>It calls other services of the graph.</summary>
    public bool IsClient => IsService && Resource.Annotations.OfType<EndpointReferenceAnnotation>().Any();
}
