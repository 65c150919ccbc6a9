using System.Runtime.CompilerServices;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;

namespace Aspire.Hosting;

/// <summary>Declares the environments that the graph is published for, and settings that hold in one of them.</summary>
public static class DeploymentEnvironmentExtensions
{
    /// <summary>Declares an environment.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name, also the folder under <c>k8s/overlays</c>.</param>
    /// <param name="context">The only kube context that it may be applied to.</param>
    /// <param name="namespace">Its namespace; the name when null. <c>personal</c> is applied to the user's own.</param>
    /// <param name="registry">Registry of the images built here; null keeps their short names.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public static IResourceBuilder<DeploymentEnvironmentResource> AddDeploymentEnvironment(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        string context,
        string? @namespace = null,
        string? registry = null,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(context);
        var target = new DeploymentTarget(context, @namespace ?? name, registry, new(file, line));
        return builder.AddResource(new DeploymentEnvironmentResource(name, target))
            .ExcludeFromManifest()
            .WithInitialState(new() { ResourceType = "DeploymentEnvironment", Properties = [], IsHidden = true });
    }

    /// <summary>Settings that hold in one environment only; they come after the common ones and win.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="environment">Name of a declared environment; an unknown one is refused by publish, naming this line.</param>
    /// <param name="configure">Any <c>With…</c> that adds annotations, ours and Aspire's alike.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="DistributedApplicationException">A setting in <paramref name="configure"/> cannot hold in one environment only.</exception>
    public static IResourceBuilder<T> In<T>(
        this IResourceBuilder<T> builder,
        string environment,
        Action<IResourceBuilder<T>> configure,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0)
        where T : IResource
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(environment);
        ArgumentNullException.ThrowIfNull(configure);
        new EnvironmentScope<T>(builder, environment, new(file, line)).Record(configure);
        return builder;
    }

    /// <summary>The resource exists in these environments only.</summary>
    public static IResourceBuilder<T> OnlyIn<T>(
        this IResourceBuilder<T> builder,
        IReadOnlyList<string> environments,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0)
        where T : IResource =>
        builder.WithAnnotation(new OnlyInAnnotation([.. environments], new(file, line)), ResourceAnnotationMutationBehavior.Replace);
}
