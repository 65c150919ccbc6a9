using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting.Kubernetes.Graph;

/// <summary>The graph as far as it is published: which resources become workloads, and the environments.</summary>
internal sealed class PublishedModel
{
    /// <summary>Reads a graph.</summary>
    /// <param name="context">Handed to the graph's callbacks.</param>
    /// <param name="application">Name of the application, for labels.</param>
    public PublishedModel(DistributedApplicationModel model, DistributedApplicationExecutionContext context, string application)
    {
        Application = application;
        Context = context;
        Environments = [.. model.Resources.OfType<KustomizeEnvironmentResource>().SelectMany(e => e.Environments)];
        Workloads = [.. model.Resources.Where(IsWorkload)];
        Manifests = [.. model.Resources.Where(BringsObjectsOnly)];
        Resources = [.. model.Resources.Where(r => r is not KustomizeEnvironmentResource)];
    }

    /// <summary>Name of the application.</summary>
    public string Application { get; }

    /// <summary>Declared environments, in the order of the graph.</summary>
    public IReadOnlyList<DeploymentEnvironmentResource> Environments { get; }

    /// <summary>Resources that run in the cluster, in the order of the graph.</summary>
    public IReadOnlyList<IResource> Workloads { get; }

    /// <summary>Resources that bring objects along and run nothing themselves.</summary>
    public IReadOnlyList<IResource> Manifests { get; }

    /// <summary>All resources but environments.</summary>
    public IReadOnlyList<IResource> Resources { get; }

    /// <summary>Handed to callbacks of the graph.</summary>
    public DistributedApplicationExecutionContext Context { get; }

    /// <summary>The annotation of <c>ExcludeFromManifest</c>: the resource is for local runs only.</summary>
    public static bool IsExcluded(IResource resource) =>
        resource.Annotations.OfType<ManifestPublishingCallbackAnnotation>().LastOrDefault() is { Callback: null };

    /// <summary>Whether the resource exists in an environment; null: in all.</summary>
    public static bool IsIn(IResource resource, string? environment) =>
        resource.Annotations.OfType<OnlyInAnnotation>().LastOrDefault() is not { } only
        || (environment is not null && only.Environments.Contains(environment, StringComparer.OrdinalIgnoreCase));

    /// <summary>What a resource says of itself that exists in an environment; null: none does.</summary>
    public T? Find<T>(string environment) where T : class, IResourceAnnotation =>
        Resources.Where(r => IsIn(r, environment)).SelectMany(r => r.Annotations.OfType<T>()).FirstOrDefault();

    /// <summary>
    /// Whether the resource runs nothing and has Kubernetes objects of its own; other targets have no use for it.
    /// </summary>
    public static bool BringsObjectsOnly(IResource resource) =>
        !IsWorkload(resource) && !IsExcluded(resource) && resource.Annotations.Any(IsManifest);

    private static bool IsManifest(IResourceAnnotation annotation) =>
        annotation is ManifestObjectAnnotation or DeploymentFactsAnnotation
        or EnvironmentScopedAnnotation { Annotation: ManifestObjectAnnotation };

    private static bool IsWorkload(IResource resource) =>
        !IsExcluded(resource)
        && (resource is ProjectResource or ContainerResource or ExecutableResource
        || resource.Annotations.Any(a => a is ContainerImageAnnotation or PublishedPortAnnotation));
}
