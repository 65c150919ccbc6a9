using MonoRepo.Deploy.Model;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.Lowering;

/// <summary>What belongs to the environment itself: closed by default, names can be looked up, quotas.</summary>
internal static class EnvironmentPass
{
    // CoreDNS listens on 53; some distributions let it listen on 5353 behind a Service at 53, which a policy sees through.
    private static readonly PolicyPort[] s_dns = [new(53, "UDP"), new(53), new(5353, "UDP"), new(5353)];

    // Where node-local DNS caches listen.
    private const string NodeLocalDns = "169.254.20.10/32";

    public static IEnumerable<KubernetesObject> Lower(EnvironmentFacts environment, string application)
    {
        if (DeploymentEnvironmentResource.IsPersonal(environment.Name))
        {
            yield return new ServiceAccount(Meta(AccessVariables.Developer), false);
        }

        yield return new NetworkPolicy(Meta("default-deny"), new(new(), ["Ingress", "Egress"]));
        yield return new NetworkPolicy(Meta("dns"), new(
            new(), ["Egress"], Egress: [new([new(NamespaceSelector: new()), new(IpBlock: new(NodeLocalDns))], s_dns)]));
        if (environment.Quota is { } quota)
        {
            var hard = new Dictionary<string, string> { ["requests.cpu"] = quota.Cpu, ["requests.memory"] = quota.Memory };
            if (quota.Pods is { } pods)
            {
                hard["pods"] = pods.ToString(System.Globalization.CultureInfo.InvariantCulture);
            }

            yield return new ResourceQuota(Meta("quota"), new(hard));
        }

        if (environment.Limits is { } limits)
        {
            yield return new LimitRange(Meta("defaults"), new([new(
                "Container",
                new Dictionary<string, string> { ["memory"] = limits.MemoryLimit },
                new Dictionary<string, string> { ["cpu"] = limits.CpuRequest, ["memory"] = limits.MemoryRequest })]));
        }

        ObjectMeta Meta(string name) => new(name, KubernetesLabels.Labels(
            KubernetesLabels.Environment, application), KubernetesLabels.Owner(KubernetesLabels.Environment));
    }
}
