using MonoRepo.Deploy.Model;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.Lowering;

/// <summary>
/// The graph's edges as policy: a caller may leave to exactly the port that it refers to, and the called lets exactly that caller
/// in. All else is closed by <see cref="EnvironmentPass"/>.
/// </summary>
internal static class NetworkPolicyPass
{
    private static readonly string[] s_both = ["Ingress", "Egress"];

    // Services that check their callers read the keys of service account tokens (JWKS) from the API server. No manifest knows
    // its addresses, which differ from cluster to cluster, so only ports bound this: 443 of its Service, 6443 behind it.
    private static readonly PolicyPort[] s_cluster = [new(443), new(6443)];

    public static IEnumerable<KubernetesObject> Lower(LoweringContext context)
    {
        var workload = context.Workload;
        yield return Policy(context, workload.Name, [.. Ingress(context)],
        [
            .. Egress(workload, workload.Edges), .. Peers(workload, p => new EgressRule([p.Peer], p.Ports)),
            .. workload.ChecksCallers ? [new EgressRule(null, s_cluster)] : Array.Empty<EgressRule>(),
        ]);
        foreach (var task in workload.Annotations.Named<ScheduledTaskAnnotation>(t => t.Name))
        {
            yield return Policy(context, WorkloadNames.Task(
                workload.Name, task.Name), [], [.. Egress(workload, [.. workload.Edges, .. TaskEdges(workload)])]);
        }
    }

    /// <summary>A task of a resource may reach all ports of that resource.</summary>
    public static IEnumerable<WorkloadEdge> TaskEdges(Workload workload) =>
        workload.Ports.Select(p => p.Number).Concat(workload.Annotations.Last<PeerPortsAnnotation>()?.Ports ?? []).Distinct()
        .Select(p => new WorkloadEdge(workload.Name, p));

    private static NetworkPolicy Policy(
        LoweringContext context, string name, IReadOnlyList<IngressRule> ingress, IReadOnlyList<EgressRule> egress) =>
        new(context.Meta(name, name), new(KubernetesLabels.Selector(name), s_both, ingress, egress));

    private static IEnumerable<IngressRule> Ingress(LoweringContext context)
    {
        var workload = context.Workload;
        foreach (var callers in context.Callers.GroupBy(c => c.Caller).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            yield return new([Pods(callers.Key)], Ports(callers.Select(c => c.Port)));
        }

        foreach (var rule in Peers(workload, p => new IngressRule([p.Peer], p.Ports)))
        {
            yield return rule;
        }

        if (context.Environment.Access is not null && workload.Ports.Where(p => p.IsExternal).ToList() is { Count: > 0 } external)
        {
            yield return new(null, Ports(external.Select(p => p.Number)));
        }

        if (MetricsPort(workload) is { } port)
        {
            foreach (var scraper in context.Scrapers)
            {
                yield return new([new(new(scraper))], Ports([port.Number]));
            }

            // Without a scraper of its own the environment is read by one that serves the whole cluster.
            if (context.Scrapers.Count == 0)
            {
                yield return new([new(KubernetesLabels.Selector("prometheus"), new())], Ports([port.Number]));
            }
        }
    }

    /// <summary>The port on which metrics are read.</summary>
    public static WorkloadPort? MetricsPort(Workload workload) =>
        workload.Annotations.MetricsPort is { } metrics
            ? workload.Ports.FirstOrDefault(p => string.Equals(p.Endpoint, metrics.Endpoint, StringComparison.OrdinalIgnoreCase))
            : null;

    private static IEnumerable<EgressRule> Egress(Workload workload, IReadOnlyCollection<WorkloadEdge> edges)
    {
        foreach (var target in edges.GroupBy(e => e.Target).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            yield return new([Pods(target.Key)], Ports(target.Select(e => e.Port)));
        }

        foreach (var outside in workload.Annotations.All<EgressAnnotation>().Distinct())
        {
            yield return new(outside.Cidr is { } cidr ? [new(IpBlock: new(cidr))] : null, Ports([outside.Port]));
        }
    }

    private static IEnumerable<T> Peers<T>(Workload workload, Func<(PolicyPeer Peer, IReadOnlyList<PolicyPort> Ports), T> rule) =>
        workload.Annotations.Last<PeerPortsAnnotation>() is { } peers ? [rule((Pods(workload.Name), Ports(peers.Ports)))] : [];

    private static PolicyPeer Pods(string name) => new(KubernetesLabels.Selector(name));

    private static IReadOnlyList<PolicyPort> Ports(IEnumerable<int> ports) =>
        [.. ports.Distinct().Order().Select(p => new PolicyPort(p))];
}

/// <summary>
/// The way out of those who read metrics, to the metrics port of every workload: the counterpart of what
/// <see cref="NetworkPolicyPass"/> lets in.
/// </summary>
internal static class ScrapePolicyPass
{
    public static IEnumerable<KubernetesObject> Lower(
        string resource, IReadOnlyList<IReadOnlyDictionary<string, string>> scrapers, IReadOnlyList<Workload> workloads,
        string application)
    {
        var rules = workloads.Select(w => (w.Name, Port: NetworkPolicyPass.MetricsPort(w))).Where(w => w.Port is not null)
            .OrderBy(w => w.Name, StringComparer.Ordinal)
            .Select(w => new EgressRule([new(KubernetesLabels.Selector(w.Name))], [new(w.Port!.Number)]))
            .ToList();
        return scrapers.Select((labels, i) => new NetworkPolicy(
            new(i == 0 ? $"{resource}-scrape" : $"{resource}-scrape-{i}", KubernetesLabels.Labels(
                resource, application), KubernetesLabels.Owner(resource)),
            new(new(labels), ["Egress"], Egress: rules)));
    }
}
