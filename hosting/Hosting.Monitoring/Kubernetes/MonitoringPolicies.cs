namespace MonoRepo.Hosting.Monitoring.Kubernetes;

/// <summary>
/// Who may talk to whom among what monitors. The way from Prometheus to the metrics ports is made by publishing, which knows the
/// ports.
/// </summary>
internal static class MonitoringPolicies
{
    private static readonly string[] s_both = ["Ingress", "Egress"];

    public static IEnumerable<Manifest> Of(DeploymentFactsContext context)
    {
        var playbooks = context.Annotations.OfType<PlaybooksAnnotation>()
            .Select(p => Pods(new Dictionary<string, string> { [MonitoringLabels.Name] = p.Project.Name.ToLowerInvariant() }))
            .ToList();
        yield return Policy(
            MonitoringNames.Prometheus,
            MonitoringLabels.PrometheusPods,
            [new([Pods(MonitoringLabels.GrafanaPods), .. playbooks], [new(MonitoringNames.PrometheusPort)])],
            [
                new([Pods(MonitoringLabels.AlertmanagerPods)], [new(MonitoringNames.AlertmanagerPort)]),
                // The Kubernetes API, whose address no selector can name.
                new(null, [new(443), new(6443)]),
            ]);
        var receivers = context.Annotations.OfType<AlertReceiverAnnotation>().Where(r => r is not NotifierReceiverAnnotation)
            .Select(r => r.Port).Distinct().Order().Select(p => new ManifestPort(p)).ToList();
        var notifiers = context.Annotations.OfType<NotifierReceiverAnnotation>().Select(n =>
                (Pods: new Dictionary<string, string>
                {
                    [MonitoringLabels.Name] = n.Notifier.Name.ToLowerInvariant(),
                }, Port: new ManifestPort(n.Port))).ToList();
        yield return Policy(
            MonitoringNames.Alertmanager,
            MonitoringLabels.AlertmanagerPods,
            [
                new(
                    [Pods(MonitoringLabels.PrometheusPods), Pods(
                        MonitoringLabels.GrafanaPods), .. playbooks, .. notifiers.Select(n => Pods(n.Pods))],
                    [new(MonitoringNames.AlertmanagerPort)]),
            ],
            [
                .. notifiers.Select(n => new ManifestEgress([Pods(n.Pods)], [n.Port])),
                .. receivers.Count > 0 ? [new ManifestEgress(null, receivers)] : Array.Empty<ManifestEgress>(),
            ]);
        foreach (var (pods, port) in notifiers)
        {
            yield return Policy(
                $"{MonitoringNames.Alertmanager}-{pods[MonitoringLabels.Name]}",
                pods,
                [new([Pods(MonitoringLabels.AlertmanagerPods)], [port])],
                [new([Pods(MonitoringLabels.AlertmanagerPods)], [new(MonitoringNames.AlertmanagerPort)])]);
        }

        // In addition to the policy that is generated from the project's references: network policies are additive.
        foreach (var pods in playbooks.Select(p => p.PodSelector.MatchLabels!))
        {
            yield return Policy(
                $"monitoring-{pods[MonitoringLabels.Name]}",
                pods,
                [new([new(new())], [new(PlaybooksAnnotation.ServicePort)])],
                [
                    new([Pods(MonitoringLabels.PrometheusPods)], [new(MonitoringNames.PrometheusPort)]),
                    new([Pods(MonitoringLabels.AlertmanagerPods)], [new(MonitoringNames.AlertmanagerPort)]),
                ]);
        }

        yield return Policy(
            MonitoringNames.Grafana,
            MonitoringLabels.GrafanaPods,
            // The operator lives in a namespace of its own.
            [new([new(new(MonitoringLabels.GrafanaOperatorPods), new())], [new(MonitoringNames.GrafanaPort)])],
            [new([Pods(MonitoringLabels.PrometheusPods)], [new(MonitoringNames.PrometheusPort)])]);
    }

    private static Manifest Policy(
        string name, IReadOnlyDictionary<string, string> pods, IReadOnlyList<ManifestIngress> ingress,
        IReadOnlyList<ManifestEgress> egress) =>
        new("networking.k8s.io/v1", "NetworkPolicy", new(name)) { Spec = new ManifestPolicy(new(pods), s_both, ingress, egress) };

    private static ManifestPeer Pods(IReadOnlyDictionary<string, string> labels) => new(new(labels));
}

internal sealed record ManifestPolicy(
    Selector PodSelector, IReadOnlyList<string> PolicyTypes, IReadOnlyList<ManifestIngress> Ingress,
    IReadOnlyList<ManifestEgress>? Egress);

internal sealed record ManifestIngress(IReadOnlyList<ManifestPeer>? From, IReadOnlyList<ManifestPort> Ports);

internal sealed record ManifestEgress(IReadOnlyList<ManifestPeer>? To, IReadOnlyList<ManifestPort> Ports);

internal sealed record ManifestPeer(Selector PodSelector, Selector? NamespaceSelector = null);

internal sealed record ManifestPort(int Port)
{
    public string Protocol { get; } = "TCP";
}
