using MonoRepo.Hosting.Kubernetes.Graph;
using MonoRepo.Hosting.Kubernetes.Model;

namespace MonoRepo.Hosting.Kubernetes.Lowering;

/// <summary>The way out of those who read metrics, to the metrics port of every workload: the counterpart of what <see cref="NetworkPolicyPass"/> lets in.</summary>
internal static class ScrapePolicyPass
{
    public static IEnumerable<KubernetesObject> Lower(
        string resource, IReadOnlyList<IReadOnlyDictionary<string, string>> scrapers, IReadOnlyList<Workload> workloads, string application)
    {
        var rules = workloads
            .Select(w => (w.Name, Port: NetworkPolicyPass.MetricsPort(w)))
            .Where(w => w.Port is not null)
            .OrderBy(w => w.Name, StringComparer.Ordinal)
            .Select(w => new EgressRule([new(Marks.Selector(w.Name))], [new(w.Port!.Number)]))
            .ToList();
        return scrapers.Select((labels, i) => new NetworkPolicy(
            new(i == 0 ? $"{resource}-scrape" : $"{resource}-scrape-{i}", Marks.Labels(resource, application), Marks.Owner(resource)),
            new(new(labels), ["Egress"], Egress: rules)));
    }
}
