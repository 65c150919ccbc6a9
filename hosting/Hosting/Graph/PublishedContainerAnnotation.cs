using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>States that a process or project is published as a container of its own making; it still runs as what it is.</summary>
/// <param name="container">Image, build and what else was stated about the container; it is not part of the graph.</param>
public sealed class PublishedContainerAnnotation(ContainerResource container) : IResourceAnnotation
{
    /// <summary>The container. Environment, arguments and endpoints are those of the resource itself.</summary>
    public ContainerResource Container { get; } = container;

    internal static IResourceBuilder<T> State<T>(
        IResourceBuilder<T> builder,
        string contextPath,
        Action<IResourceBuilder<ContainerResource>>? configure)
        where T : IResource
    {
        var annotation = builder.Resource.Annotations.OfType<PublishedContainerAnnotation>().LastOrDefault();
        if (annotation is null)
        {
            annotation = new PublishedContainerAnnotation(new ContainerResource(builder.Resource.Name));
            builder.ApplicationBuilder.CreateResourceBuilder(annotation.Container).WithDockerfile(contextPath);
            builder.WithAnnotation(annotation);
        }

        configure?.Invoke(builder.ApplicationBuilder.CreateResourceBuilder(annotation.Container));
        return builder;
    }
}
