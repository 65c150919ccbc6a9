using System.Globalization;
using MonoRepo.Deploy.Activity;
using MonoRepo.Deploy.Model;
using MonoRepo.Hosting.Kubernetes.Graph;
using MonoRepo.Hosting.Kubernetes.Lowering;

namespace MonoRepo.Hosting.Kubernetes.Overlays;

/// <summary>
/// The job that writes summaries of an environment and posts them to the notifier. It reads one ConfigMap, the history, and
/// reaches git, the API server, Prometheus and the receiver; the ways in to the last two are opened here, beside those that
/// they have already.
/// </summary>
internal static class SummaryObjects
{
    /// <summary>Name of all of it, and what the deployer's image is started with.</summary>
    public const string Name = "summary";

    private const string RbacGroup = "rbac.authorization.k8s.io";

    // Kubernetes tries again after 10, 20, 40 … seconds; the same summary is told once.
    private const int Retries = 6;

    public static IEnumerable<KubernetesObject> Of(
        EnvironmentFacts environment, DeployerAnnotation deployer, SummaryAnnotation summary, PublishedModel model)
    {
        var (application, space) = (model.Application, environment.Target!.Namespace);
        var receiver = model.Find<ReportReceiverAnnotation>(environment.Name!)!;
        var service = WorkloadNames.Of(receiver.Service);
        var metrics = model.Find<MetricsQueryAnnotation>(environment.Name!);
        ObjectMeta Meta(string name) => DeployerFile.MetaOf(Name, application) with { Name = name, Namespace = space };

        yield return new ServiceAccount(Meta(Name), false);
        yield return new Role(
            Meta(Name), [new([""], ["configmaps"], ["get"], [ActivityLog.NameOf(application, environment.Name!)])]);
        yield return new RoleBinding(Meta(Name), new(RbacGroup, "Role", Name), [new("ServiceAccount", Name, space)]);

        (string Target, int Port, IReadOnlyDictionary<string, string> Pods)[] services =
        [
            (service, receiver.Port, KubernetesLabels.Selector(service).MatchLabels!),
            .. metrics is null ? [] : new[] { (metrics.Service, metrics.Port, metrics.PodLabels) },
        ];
        yield return new NetworkPolicy(
            Meta(Name), new(
                KubernetesLabels.Selector(Name), ["Egress"],
                Egress:
                [
                    new(null, [.. DeployerFile.Ports(deployer).Select(p => new PolicyPort(p))]),
                    .. services.Select(s => new EgressRule([new(new(s.Pods))], [new(s.Port)])),
                ]));
        foreach (var (target, port, pods) in services)
        {
            yield return new NetworkPolicy(
                Meta($"{Name}-{target}"),
                new(new(pods), ["Ingress"], [new([new(KubernetesLabels.Selector(Name))], [new(port)])]));
        }

        yield return WorkloadPass.CronJob(
            Meta(Name), summary.Schedule,
            new(Retries, null, DeployerFile.Template(Name, environment, deployer, application, [Name],
            [
                new("DEPLOYER_SUMMARYDAYS", summary.Days.ToString(CultureInfo.InvariantCulture)),
                new("DEPLOYER_REPORTS", $"http://{service}:{receiver.Port}{receiver.Path}"),
                new("DEPLOYER_TOKEN", ValueFrom: new(SecretKeyRef: environment.KeyOf(receiver.Token))),
                .. metrics is null
                    ? []
                    : new EnvVar[] { new("DEPLOYER_PROMETHEUS", $"http://{metrics.Service}:{metrics.Port}") },
            ])));
    }
}
