using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Reads the facts of resources.</summary>
public static class ResourceExtensions
{
    /// <summary>The last annotation of a type.</summary>
    public static bool TryGetLastAnnotation<T>(this IResource resource, [NotNullWhen(true)] out T? annotation)
        where T : IResourceAnnotation
    {
        for (var i = resource.Annotations.Count - 1; i >= 0; i--)
        {
            if (resource.Annotations[i] is T found)
            {
                annotation = found;
                return true;
            }
        }

        annotation = default;
        return false;
    }

    /// <summary>All annotations of a type, when there are any.</summary>
    public static bool TryGetAnnotationsOfType<T>(this IResource resource, [NotNullWhen(true)] out IEnumerable<T>? result)
        where T : IResourceAnnotation
    {
        var found = resource.Annotations.OfType<T>().ToArray();
        result = found.Length > 0 ? found : null;
        return result is not null;
    }

    /// <summary>Whether there is an annotation of a type.</summary>
    public static bool HasAnnotationOfType<T>(this IResource resource)
        where T : IResourceAnnotation => resource.Annotations.Any(a => a is T);

    /// <summary>All annotations of a type of the resource and its ancestors, its own first.</summary>
    public static bool TryGetAnnotationsIncludingAncestorsOfType<T>(
        this IResource resource,
        [NotNullWhen(true)] out IEnumerable<T>? result)
        where T : IResourceAnnotation
    {
        var found = resource.SelfAndAncestors().SelectMany(r => r.Annotations.OfType<T>()).ToArray();
        result = found.Length > 0 ? found : null;
        return result is not null;
    }

    /// <summary>Whether the resource or an ancestor has an annotation of a type.</summary>
    public static bool HasAnnotationIncludingAncestorsOfType<T>(this IResource resource)
        where T : IResourceAnnotation => resource.SelfAndAncestors().Any(HasAnnotationOfType<T>);

    /// <summary>The endpoints, when there are any.</summary>
    public static bool TryGetEndpoints(
        this IResource resource,
        [NotNullWhen(true)] out IEnumerable<EndpointAnnotation>? endpoints) =>
        resource.TryGetAnnotationsOfType(out endpoints);

    /// <summary>The links, when there are any.</summary>
    public static bool TryGetUrls(this IResource resource, [NotNullWhen(true)] out IEnumerable<ResourceUrlAnnotation>? urls) =>
        resource.TryGetAnnotationsOfType(out urls);

    /// <summary>The callbacks that add environment variables, when there are any.</summary>
    public static bool TryGetEnvironmentVariables(
        this IResource resource,
        [NotNullWhen(true)] out IEnumerable<EnvironmentCallbackAnnotation>? environmentVariables) =>
        resource.TryGetAnnotationsOfType(out environmentVariables);

    /// <summary>The mounts, when there are any.</summary>
    public static bool TryGetContainerMounts(
        this IResource resource,
        [NotNullWhen(true)] out IEnumerable<ContainerMountAnnotation>? volumeMounts) =>
        resource.TryGetAnnotationsOfType(out volumeMounts);

    /// <summary>The image with registry, tag or digest, when there is one.</summary>
    public static bool TryGetContainerImageName(this IResource resource, [NotNullWhen(true)] out string? imageName) =>
        resource.TryGetContainerImageName(useBuiltImage: true, out imageName);

    /// <summary>The image with registry, tag or digest, when there is one.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="useBuiltImage">Whether the name of an image that is built here comes first.</param>
    /// <param name="imageName">The image.</param>
    public static bool TryGetContainerImageName(
        this IResource resource,
        bool useBuiltImage,
        [NotNullWhen(true)] out string? imageName)
    {
        if (useBuiltImage && resource.TryGetLastAnnotation<DockerfileBuildAnnotation>(out var build) && build.ImageName is { Length: > 0 } built)
        {
            imageName = build.ImageTag is { Length: > 0 } tag ? $"{built}:{tag}" : built;
            return true;
        }

        if (!resource.TryGetLastAnnotation<ContainerImageAnnotation>(out var image))
        {
            imageName = null;
            return false;
        }

        var registry = string.IsNullOrEmpty(image.Registry) ? "" : $"{image.Registry}/";
        imageName = registry + image.Image + (string.IsNullOrEmpty(image.SHA256) ? $":{image.Tag}" : $"@sha256:{image.SHA256}");
        return true;
    }

    /// <summary>Number of copies that run; 1 unless stated.</summary>
    public static int GetReplicaCount(this IResource resource) =>
        resource.TryGetLastAnnotation<ReplicaAnnotation>(out var replicas) ? replicas.Replicas : 1;

    /// <summary>References to all endpoints.</summary>
    public static IEnumerable<EndpointReference> GetEndpoints(this IResourceWithEndpoints resource) =>
        resource.TryGetEndpoints(out var endpoints) ? endpoints.Select(e => new EndpointReference(resource, e)) : [];

    /// <summary>References to all endpoints, read in a network.</summary>
    public static IEnumerable<EndpointReference> GetEndpoints(
        this IResourceWithEndpoints resource,
        NetworkIdentifier contextNetworkId) =>
        resource.TryGetEndpoints(out var endpoints) ? endpoints.Select(e => new EndpointReference(resource, e, contextNetworkId)) : [];

    /// <summary>A reference to an endpoint, which may be stated later.</summary>
    public static EndpointReference GetEndpoint(this IResourceWithEndpoints resource, string endpointName) =>
        new(resource, endpointName);

    /// <summary>A reference to an endpoint, read in a network.</summary>
    public static EndpointReference GetEndpoint(
        this IResourceWithEndpoints resource,
        string endpointName,
        NetworkIdentifier contextNetworkId) =>
        new(resource, endpointName, contextNetworkId);

    /// <summary>Whether the resource is left out of every published output.</summary>
    public static bool IsExcludedFromPublish(this IResource resource) =>
        resource.TryGetLastAnnotation<ManifestPublishingCallbackAnnotation>(out var callback)
        && callback == ManifestPublishingCallbackAnnotation.Ignore;

    /// <summary>Whether an image has to be built: for projects and Dockerfiles.</summary>
    public static bool RequiresImageBuild(this IResource resource) =>
        !resource.IsExcludedFromPublish()
        && (resource is ProjectResource || resource.HasAnnotationOfType<DockerfileBuildAnnotation>());

    /// <summary>Keys of the health checks of the resource and its ancestors.</summary>
    internal static IEnumerable<string> GetHealthCheckKeys(this IResource resource) =>
        resource.SelfAndAncestors().SelectMany(r => r.Annotations.OfType<HealthCheckAnnotation>()).Select(a => a.Key).Distinct();

    private static IEnumerable<IResource> SelfAndAncestors(this IResource resource)
    {
        for (var current = resource; current is not null; current = (current as IResourceWithParent)?.Parent)
        {
            yield return current;
        }
    }
}
