namespace MonoRepo.Hosting.Monitoring.Kubernetes;

/// <summary>
/// A PodMonitor for each scraped resource: by pod, so that each is its own target and ready or not makes no difference. The
/// playbooks are asked for the history.
/// </summary>
internal static class PodMonitors
{
    private const int LongestPortName = 15;

    public static IEnumerable<Manifest> Of(MonitoredGraph graph) => graph.Scraped.Concat(
        graph.Playbooks is { Metrics: not null } playbooks ? [playbooks] : []).Select(r => Manifest.Monitored(
        Manifest.Monitoring,
        "PodMonitor",
        r.Name,
        new PodMonitorSpec(
            new(new Dictionary<string, string> { [MonitoringLabels.Name] = r.Name }),
            MonitoringLabels.Name,
            [new(PortName(r.Metrics!.Endpoint), r.Metrics.Path)])));

    // As publishing names ports.
    private static string PortName(string endpoint)
    {
        var name = endpoint.ToLowerInvariant();
        return name.Length <= LongestPortName ? name : name[..LongestPortName].TrimEnd('-');
    }
}

internal sealed record PodMonitorSpec(Selector Selector, string JobLabel, IReadOnlyList<PodMetricsEndpoint> PodMetricsEndpoints);

internal sealed record PodMetricsEndpoint(string Port, string Path);
