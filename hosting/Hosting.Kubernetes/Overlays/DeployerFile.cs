using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Setup;
using MonoRepo.Hosting.Kubernetes.Graph;
using MonoRepo.Hosting.Kubernetes.Lowering;

namespace MonoRepo.Hosting.Kubernetes.Overlays;

/// <summary>
/// The job that deploys an environment from git. Beside the overlay, as the namespace is: <c>setup</c> puts it there, since it
/// says what the job itself may do. It may change what environments consist of, in its own namespace; Kubernetes lets nobody give
/// more than they have themselves, and of the cluster it only sees whether what an apply needs is there.
/// </summary>
internal static class DeployerFile
{
    public const string Name = "deployer";

    /// <summary>
    /// Secret with <c>username</c> and <c>password</c>, or <c>ssh-privatekey</c> and <c>known_hosts</c>; none for a public
    /// repository.
    /// </summary>
    public const string GitSecret = "deployer-git";

    private const string RbacGroup = "rbac.authorization.k8s.io";
    private const long User = 1654;
    private const long Megabytes = 64;

    /// <summary>Names of the environment's jobs: a workload of that name would have their labels and policies.</summary>
    public static IEnumerable<string> Names(EnvironmentFacts environment) =>
    [
        .. environment.Deployer is null ? [] : new[] { Name },
        .. environment.Summary is null ? [] : new[] { SummaryObjects.Name },
    ];

    public static string Write(EnvironmentFacts environment, DeployerAnnotation deployer, PublishedModel model)
    {
        var objects = Objects(environment, deployer, model.Application)
            .Concat(environment.Summary is { } summary ? SummaryObjects.Of(environment, deployer, summary, model) : [])
            .Select(ModelSerializer.ToMap);
        return ManifestText.Of(objects, Layout.GeneratedHeader);
    }

    private static IEnumerable<KubernetesObject> Objects(
        EnvironmentFacts environment, DeployerAnnotation deployer, string application)
    {
        var space = environment.Target!.Namespace;
        var clusterWide = $"{application}-{Name}-{space}";
        ObjectMeta Meta(string name) => MetaOf(Name, application) with { Name = name };
        ObjectMeta InSpace() => MetaOf(Name, application) with { Namespace = space };
        RoleSubject[] subjects = [new("ServiceAccount", Name, space)];

        yield return new ServiceAccount(InSpace(), false);
        yield return new Role(
            InSpace(), deployer.Canary is null ? DeployRole.Rules : [.. DeployRole.Rules, DeployRole.PortForward]);
        yield return new RoleBinding(InSpace(), new(RbacGroup, "Role", Name), subjects);
        yield return new ClusterRole(Meta(clusterWide), SeeingRules(space));
        yield return new ClusterRoleBinding(Meta(clusterWide), new(RbacGroup, "ClusterRole", clusterWide), subjects);
        yield return new NetworkPolicy(
            InSpace(), new(
                KubernetesLabels.Selector(Name), ["Egress"],
                Egress: [new(null, [.. Ports(deployer).Select(p => new PolicyPort(p))])]));
        yield return WorkloadPass.CronJob(
            InSpace(), new(deployer.Schedule, "Etc/UTC", ConcurrencyPolicy.Forbid),
            new(0, null, Template(Name, environment, deployer, application)));
    }

    /// <summary>Metadata of what is called so, and belongs to what is called so.</summary>
    public static ObjectMeta MetaOf(string name, string application) =>
        new(name, KubernetesLabels.Labels(name, application), KubernetesLabels.Owner(name));

    private static List<PolicyRule> SeeingRules(string space) =>
    [
        new([""], ["namespaces"], ["get"], [space]),
        new(["scheduling.k8s.io"], ["priorityclasses"], ["get"]),
        new(["storage.k8s.io"], ["storageclasses"], ["get", "list"]),
        new(["apiextensions.k8s.io"], ["customresourcedefinitions"], ["get"]),
    ];

    /// <summary>The API server (443 is its Service's, 6443 what a policy sees behind it) and git.</summary>
    public static IEnumerable<int> Ports(DeployerAnnotation deployer) =>
        new[] { 443, 6443, 22 }.Concat(Uri.TryCreate(deployer.Repository, UriKind.Absolute, out var url) && url.Port > 0
        ? [url.Port]
        : Enumerable.Empty<int>())
            .Concat(deployer.Repository.StartsWith("git://", StringComparison.Ordinal)
            && new Uri(deployer.Repository).IsDefaultPort ? [9418] : Enumerable.Empty<int>())
            .Distinct().Order();

    /// <summary>A pod of the deployer's image.</summary>
    public static PodTemplate Template(
        string name, EnvironmentFacts environment, DeployerAnnotation deployer, string application,
        IReadOnlyList<string>? arguments = null, IReadOnlyList<EnvVar>? more = null) => new(
        new(null, KubernetesLabels.Labels(name, application)),
        new()
        {
            ServiceAccountName = name,
            AutomountServiceAccountToken = true,
            EnableServiceLinks = false,
            RestartPolicy = "Never",
            SecurityContext = new(true, User, User, User, null, new("RuntimeDefault")),
            ImagePullSecrets = [.. environment.PullSecrets.Select(s => new LocalObjectReference(s))],
            Containers =
            [
                new()
                {
                    Name = name,
                    Image = deployer.Image,
                    Args = arguments,
                    Env =
                    [
                        new("DEPLOYER_APPLICATION", application),
                        new("DEPLOYER_ENVIRONMENT", environment.Name),
                        new("DEPLOYER_NAMESPACE", environment.Target!.Namespace),
                        new("DEPLOYER_CONTEXT", environment.Target.Context),
                        new("DEPLOYER_REPOSITORY", deployer.Repository),
                        new("DEPLOYER_BRANCH", deployer.Branch),
                        .. more ?? [],
                    ],
                    Resources = new(
                        new Dictionary<string, string> { ["cpu"] = "100m", ["memory"] = "128Mi" },
                        new Dictionary<string, string> { ["memory"] = "512Mi" }),
                    SecurityContext = new(false, true, new(["ALL"])),
                    VolumeMounts = [new("work", "/work"), new("git", "/git", ReadOnly: true)],
                },
            ],
            Volumes = [new("work", EmptyDir: new($"{Megabytes * 8}Mi")), new("git", Secret: new(GitSecret, Optional: true))],
        });
}
