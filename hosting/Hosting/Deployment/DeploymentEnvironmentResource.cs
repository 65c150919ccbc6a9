using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>A place that the graph is published for: a namespace of a cluster. Nothing of it runs locally.</summary>
public sealed class DeploymentEnvironmentResource(string name, DeploymentTarget target) : Resource(name)
{
    /// <summary>The environment that every user has for themselves.</summary>
    public const string Personal = "personal";

    /// <summary>Whether it is the environment that each user has for themselves.</summary>
    internal static bool IsPersonal(string? name) => Personal.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Cluster, namespace and registry.</summary>
    public DeploymentTarget Target { get; } = target;
}

/// <summary>A deployment environment of the compute environment that has this annotation.</summary>
/// <param name="Environment">The environment.</param>
public sealed record DeploymentEnvironmentAnnotation(DeploymentEnvironmentResource Environment) : IResourceAnnotation;
