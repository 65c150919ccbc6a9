using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>
/// A builder whose annotations count in one environment only. Extension methods that go through
/// <see cref="IResourceBuilder{T}.WithAnnotation{TAnnotation}(TAnnotation, ResourceAnnotationMutationBehavior)"/> or append to
/// the resource's annotations are recorded; what changes or removes a common annotation would leak into all environments and is
/// refused.
/// </summary>
internal sealed class EnvironmentScope<T>(IResourceBuilder<T> common, string environment, SourceLine line) : IResourceBuilder<T>
    where T : IResource
{
    public IDistributedApplicationBuilder ApplicationBuilder => common.ApplicationBuilder;

    public T Resource => common.Resource;

    public IResourceBuilder<T> WithAnnotation<TAnnotation>(
        TAnnotation annotation, ResourceAnnotationMutationBehavior behavior = ResourceAnnotationMutationBehavior.Append)
        where TAnnotation : IResourceAnnotation
    {
        if (annotation is EnvironmentScopedAnnotation)
        {
            throw Refused("In(…) inside of In(…) names two environments");
        }

        Resource.Annotations.Add(new EnvironmentScopedAnnotation(environment, annotation, behavior, line));
        return this;
    }

    /// <summary>Runs <paramref name="configure"/>; appended annotations are moved into the scope.</summary>
    public void Record(Action<IResourceBuilder<T>> configure)
    {
        var before = Resource.Annotations.ToList();
        var images = before.OfType<ContainerImageAnnotation>().Select(Image).ToList();
        var endpoints = before.OfType<EndpointAnnotation>().Select(Endpoint).ToList();
        configure(this);
        var after = Resource.Annotations.ToList();
        if (before.Except(after).Any())
        {
            throw Refused("a setting replaced a common annotation");
        }

        if (!images.SequenceEqual(before.OfType<ContainerImageAnnotation>().Select(Image)))
        {
            throw Refused("the image cannot differ by environment in the graph; pins do that");
        }

        if (!endpoints.SequenceEqual(before.OfType<EndpointAnnotation>().Select(Endpoint)))
        {
            throw Refused(
                "endpoints are the same in every environment; an environment without WithIngress or WithGatewayRoutes opens " +
                "none of them");
        }

        foreach (var appended in after.Except(before).Where(a => a is not EnvironmentScopedAnnotation))
        {
            Resource.Annotations.Remove(appended);
            WithAnnotation(appended);
        }
    }

    private static (string?, string, string?, string?) Image(ContainerImageAnnotation image) =>
        (image.Registry, image.Image, image.Tag, image.SHA256);

    private static (string, int?, int?, string, string, bool) Endpoint(EndpointAnnotation endpoint) =>
        (endpoint.Name, endpoint.Port, endpoint.TargetPort, endpoint.UriScheme, endpoint.Transport, endpoint.IsExternal);

    private DistributedApplicationException Refused(string what) =>
        new($"{line}: In(\"{environment}\", …) on '{Resource.Name}': {what}.");
}
