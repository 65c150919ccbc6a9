using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;

namespace Aspire.Hosting;

/// <summary>Settings of an environment as a whole: the way in, credentials, quotas.</summary>
public static class EnvironmentAccessExtensions
{
    /// <summary>External endpoints are reached through an Ingress at <c>&lt;resource&gt;.&lt;domain&gt;</c>.</summary>
    /// <param name="builder">The environment.</param>
    /// <param name="className">IngressClass, such as <c>nginx</c> or <c>traefik</c>.</param>
    /// <param name="domain">Domain under which each resource has its host name.</param>
    /// <param name="tlsSecret">Secret of type <c>kubernetes.io/tls</c>; null: plain HTTP.</param>
    public static IResourceBuilder<DeploymentEnvironmentResource> WithIngress(
        this IResourceBuilder<DeploymentEnvironmentResource> builder, string className, string domain,
        string? tlsSecret = null) => builder.WithAccess(new IngressAccessAnnotation(className, domain, tlsSecret));

    /// <summary>External endpoints are reached through Gateway API routes that attach to an existing Gateway.</summary>
    /// <param name="builder">The environment.</param>
    /// <param name="gateway">Name of the Gateway.</param>
    /// <param name="domain">Domain under which each resource has its host name.</param>
    /// <param name="gatewayNamespace">Its namespace.</param>
    /// <param name="section">Listener of the Gateway; null: all. TLS ends there, with the Secret that the listener names.</param>
    public static IResourceBuilder<DeploymentEnvironmentResource> WithGatewayRoutes(
        this IResourceBuilder<DeploymentEnvironmentResource> builder, string gateway, string domain, string gatewayNamespace,
        string? section = null) =>
        builder.WithAccess(new GatewayAccessAnnotation(gateway, gatewayNamespace, domain, section));

    /// <summary>Pods pull images with the credentials in this Secret.</summary>
    public static IResourceBuilder<DeploymentEnvironmentResource> WithImagePullSecret(
        this IResourceBuilder<DeploymentEnvironmentResource> builder, string secret) =>
        builder.WithAnnotation(new ImagePullSecretAnnotation(secret));

    /// <summary>
    /// The Secret that holds the environment's secret parameters, one key each; <c>parameters</c> where none is named.
    /// </summary>
    public static IResourceBuilder<DeploymentEnvironmentResource> WithParameterSecret(
        this IResourceBuilder<DeploymentEnvironmentResource> builder, string secret) =>
        builder.WithAnnotation(new ParameterSecretAnnotation(secret), ResourceAnnotationMutationBehavior.Replace);

    /// <summary>What all pods of the environment may request together.</summary>
    public static IResourceBuilder<DeploymentEnvironmentResource> WithResourceQuota(
        this IResourceBuilder<DeploymentEnvironmentResource> builder, string cpu, string memory, int? pods = null) =>
        builder.WithAnnotation(new ResourceQuotaAnnotation(cpu, memory, pods), ResourceAnnotationMutationBehavior.Replace);

    /// <summary>Requests and limits of containers that state none.</summary>
    public static IResourceBuilder<DeploymentEnvironmentResource> WithLimitRange(
        this IResourceBuilder<DeploymentEnvironmentResource> builder, string cpuRequest, string memoryRequest,
        string memoryLimit) =>
        builder.WithAnnotation(
            new LimitRangeAnnotation(cpuRequest, memoryRequest, memoryLimit), ResourceAnnotationMutationBehavior.Replace);

    /// <summary>
    /// The environment is deployed from git by a job in its own namespace (docs/deployer.md): people need no write access to it.
    /// <c>setup</c> puts the job there.
    /// </summary>
    /// <param name="builder">The environment.</param>
    /// <param name="repository">URL of the git repository: https, ssh or git. Credentials are in the Secret
    /// <c>deployer-git</c>.</param>
    /// <param name="image">Image of the deployer.</param>
    /// <param name="branch">Branch whose head is applied.</param>
    /// <param name="schedule">When it looks, as cron writes it; every five minutes by default.</param>
    /// <param name="canary">How changed images are tried beside the current ones before they are applied (docs/canary.md); null:
    /// they are not.</param>
    public static IResourceBuilder<DeploymentEnvironmentResource> WithDeployer(
        this IResourceBuilder<DeploymentEnvironmentResource> builder,
        string repository,
        string image,
        string branch = "main",
        string schedule = "*/5 * * * *",
        CanarySettings? canary = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(repository);
        ArgumentException.ThrowIfNullOrWhiteSpace(image);
        if (canary is not null)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(canary.Weight, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(canary.Weight, 99);
            ArgumentOutOfRangeException.ThrowIfLessThan(canary.LookEvery, TimeSpan.FromSeconds(1));
            ArgumentOutOfRangeException.ThrowIfLessThan(canary.JudgeFor, canary.LookEvery);
        }

        return builder.WithAnnotation(
            new DeployerAnnotation(repository, branch, image, schedule) { Canary = canary },
            ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>
    /// A job writes what was merged, deployed and measured, and the graph's notifier tells people (docs/deployer.md). It runs in
    /// the image of <c>WithDeployer</c> and reads the same repository.
    /// </summary>
    /// <param name="builder">The environment.</param>
    /// <param name="schedule">When, as cron writes it; Mondays at seven by default.</param>
    /// <param name="timeZone">IANA name of the schedule's time zone.</param>
    /// <param name="days">How many days a summary is of; a week by default.</param>
    public static IResourceBuilder<DeploymentEnvironmentResource> WithSummary(
        this IResourceBuilder<DeploymentEnvironmentResource> builder, string schedule = "0 7 * * 1",
        string timeZone = "Etc/UTC", int days = 7)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        return builder.WithAnnotation(
            new SummaryAnnotation(new(schedule, timeZone), days), ResourceAnnotationMutationBehavior.Replace);
    }

    private static IResourceBuilder<DeploymentEnvironmentResource> WithAccess(
        this IResourceBuilder<DeploymentEnvironmentResource> builder, EnvironmentAccessAnnotation access)
    {
        foreach (var earlier in builder.Resource.Annotations.OfType<EnvironmentAccessAnnotation>().ToList())
        {
            builder.Resource.Annotations.Remove(earlier);
        }

        return builder.WithAnnotation(access);
    }
}
