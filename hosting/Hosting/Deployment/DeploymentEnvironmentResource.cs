using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>A place that the graph is published for: a namespace of a cluster. Nothing of it runs locally.</summary>
public sealed class DeploymentEnvironmentResource : Resource
{
    internal DeploymentEnvironmentResource(string name, DeploymentTarget target) : base(name) => Target = target;

    /// <summary>The environment that every user has for themselves.</summary>
    internal const string Personal = "personal";

    /// <summary>Whether it is the environment that each user has for themselves.</summary>
    internal static bool IsPersonal(string? name) => Personal.Equals(name, StringComparison.OrdinalIgnoreCase);

    internal DeploymentTarget Target { get; }
}

/// <summary>A deployment environment of the compute environment that has this annotation.</summary>
internal sealed record DeploymentEnvironmentAnnotation(DeploymentEnvironmentResource Environment) : IResourceAnnotation;

/// <summary>Where an environment is.</summary>
/// <param name="Context">The only kube context that it may be applied to.</param>
/// <param name="Namespace">Its namespace; for <c>personal</c> the user's own takes its place.</param>
/// <param name="Registry">Registry that built images are pushed to and pulled from, with port and path if any; null: names stay
/// short.</param>
internal sealed record DeploymentTarget(string Context, string Namespace, string? Registry, SourceLine Line);

/// <summary>The environment is deployed from git by a job in its own namespace.</summary>
/// <param name="Repository">URL of the git repository: https, ssh or git.</param>
/// <param name="Branch">Branch whose head is applied.</param>
/// <param name="Schedule">When it looks, as cron writes it.</param>
internal sealed record DeployerAnnotation(string Repository, string Branch, string Image, string Schedule) : IResourceAnnotation
{
    /// <summary>How changed images are tried before they are applied; null: they are not.</summary>
    public CanarySettings? Canary { get; init; }
}

/// <summary>How the deployer tries a changed image of a Deployment beside the current one before it applies it.</summary>
/// <param name="Weight">Part of the pods that run the changed image, in percent.</param>
public sealed record CanarySettings(int Weight = 10)
{
    /// <summary>How long the two are compared; ten minutes by default.</summary>
    public TimeSpan JudgeFor { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Time between two looks, at least two scrapes; 30 seconds by default.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Where too little could be measured: applied all the same, or not (the default) and tried again at the next turn.
    /// </summary>
    public bool ApplyInconclusive { get; init; }
}

/// <summary>A job of the environment writes a summary and posts it to the notifier.</summary>
internal sealed record SummaryAnnotation(Schedule Schedule, int Days) : IResourceAnnotation;

/// <summary>In the cluster, this service takes reports for people: a POST with the token as its bearer.</summary>
internal sealed record ReportReceiverAnnotation(IResource Service, int Port, string Path, ParameterResource Token)
    : IResourceAnnotation;

/// <summary>In the cluster, this is who answers questions about the environment's metrics, by Prometheus' HTTP API.</summary>
internal sealed record MetricsQueryAnnotation(string Service, int Port, IReadOnlyDictionary<string, string> PodLabels)
    : IResourceAnnotation;
