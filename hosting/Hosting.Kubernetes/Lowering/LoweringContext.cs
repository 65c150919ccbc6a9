using MonoRepo.Deploy.Model;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.Lowering;

/// <summary>What a pass sees: one workload, the environment, and who calls the workload.</summary>
/// <param name="Callers">Names of pods to the ports of this workload that they call.</param>
/// <param name="Scrapers">Labels of the pods of the environment that read metrics.</param>
internal sealed record LoweringContext(
    Workload Workload, EnvironmentFacts Environment, IReadOnlyList<(string Caller, int Port)> Callers, string Application,
    IReadOnlyList<IReadOnlyDictionary<string, string>> Scrapers)
{
    /// <summary>Name, labels and owner of an object of the workload.</summary>
    public ObjectMeta Meta(string name, string? podName = null) =>
        new(name, KubernetesLabels.Labels(podName ?? Workload.Name, Application), KubernetesLabels.Owner(Workload.Name));
}
