using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting.Monitoring;

/// <summary>Where alerts lead people.</summary>
/// <param name="Runbooks">Folder of the runbook pages; null: the graph's own, or a path in the repository.</param>
/// <param name="Grafana">Address of Grafana without a slash at the end; empty: a path on whatever it is reached by.</param>
internal sealed record MonitoringLinks(string? Runbooks = null, string Grafana = "")
{
    public string Runbook(string alert) => $"{Runbooks ?? "docs/runbooks"}/{alert}.md";

    public string Dashboard(string uid) => $"{Grafana}/d/{uid}";
}

/// <summary>Where alerts lead people.</summary>
internal sealed record MonitoringLinksAnnotation(MonitoringLinks Links) : IResourceAnnotation;

/// <summary>How long Prometheus keeps samples.</summary>
internal sealed record RetentionAnnotation(TimeSpan Time) : IResourceAnnotation;
