using MonoRepo.Deploy.Model;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.Lowering;

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
