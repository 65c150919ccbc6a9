using MonoRepo.Hosting.Monitoring.Prometheus;

namespace MonoRepo.Hosting.Monitoring.Kubernetes;

/// <summary>Rules by the resource that they belong to: a change of one service is a change of one object.</summary>
internal static class PrometheusRules
{
    public static IEnumerable<Manifest> Of(MonitoredGraph graph, MonitoringLinks links) =>
        RuleSet.Of(graph, links).Append((Owner: "volumes", File: new([TargetRules.Volumes(new(links))])))
            .Select(r => Manifest.Monitored(Manifest.Monitoring, "PrometheusRule", r.Owner, r.File));
}
