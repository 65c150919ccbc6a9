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
