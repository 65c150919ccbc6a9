using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Gives a resource the connection string of another (ConnectionStrings__name) and its parts (NAME_HOST …). It does not wait for it.</summary>
    /// <param name="builder">The resource that connects.</param>
    /// <param name="source">The other resource.</param>
    /// <param name="connectionName">Name of the connection; null means the other resource's.</param>
    /// <param name="optional">Whether a missing connection string is allowed.</param>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null,
        bool optional = false)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(source);
        if (CustomReference.TryApply(builder, source, connectionName, optional, name: null) is { } custom)
        {
            return custom;
        }

        var resource = source.Resource;
        var name = connectionName ?? resource.Name;
        var flags = FlagsOf(builder.Resource);
        builder.WithReferenceRelationship(resource).WithEnvironment(context => ReferenceVariables.AddConnection(context, resource, name, optional, flags));
        if (resource is IResourceWithServiceDiscovery service)
        {
            builder.ReferTo(service, endpoint: null, name: null);
        }

        return builder;
    }

    /// <summary>Gives a resource the addresses of another (services__name__endpoint__index and NAME_ENDPOINT). It does not wait for it.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(source);
        return CustomReference.TryApply(builder, source, connectionName: null, optional: false, name: null)
            ?? builder.ReferTo(source.Resource, endpoint: null, name: null);
    }

    /// <summary>Gives a resource the addresses of another under a name of its own.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithServiceDiscovery> source,
        string name)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return CustomReference.TryApply(builder, source, connectionName: null, optional: false, name)
            ?? builder.ReferTo(source.Resource, endpoint: null, name);
    }

    /// <summary>Gives a resource the address of one endpoint.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        EndpointReference endpointReference)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(endpointReference);
        return builder.ReferTo(endpointReference.Resource, endpointReference.EndpointName, name: null);
    }

    /// <summary>Gives a resource a fixed address.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        string name,
        Uri uri)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(uri);
        if (!uri.IsAbsoluteUri)
        {
            throw new InvalidOperationException("The uri for service reference must be absolute.");
        }

        if (uri.Fragment.Length > 0 || uri.Query.Length > 0)
        {
            throw new InvalidOperationException("The uri for service reference cannot contain a query or a fragment.");
        }

        var flags = FlagsOf(builder.Resource);
        return builder.WithEnvironment(context => ReferenceVariables.AddAddress(context, name, uri.ToString(), flags));
    }

    /// <summary>Gives a resource the address of a service outside of the application.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<ExternalServiceResource> externalService)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(externalService);
        var flags = FlagsOf(builder.Resource);
        return builder.WithReferenceRelationship(externalService.Resource)
            .WithEnvironment(context => ReferenceVariables.AddExternal(context, externalService.Resource, builder.Resource, flags));
    }

    /// <summary>Which variables the references that follow inject. Default: all kinds.</summary>
    public static IResourceBuilder<TDestination> WithReferenceEnvironment<TDestination>(
        this IResourceBuilder<TDestination> builder,
        ReferenceEnvironmentInjectionFlags flags)
        where TDestination : IResourceWithEnvironment =>
        builder.WithAnnotation(new ReferenceEnvironmentInjectionAnnotation(flags), ResourceAnnotationMutationBehavior.Replace);

    private static ReferenceEnvironmentInjectionFlags FlagsOf(IResource resource) =>
        resource.TryGetLastAnnotation<ReferenceEnvironmentInjectionAnnotation>(out var injection) ? injection.Flags : ReferenceEnvironmentInjectionFlags.All;

    private static IResourceBuilder<TDestination> ReferTo<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceWithEndpoints source,
        string? endpoint,
        string? name)
        where TDestination : IResourceWithEnvironment
    {
        var annotation = builder.Resource.Annotations.OfType<EndpointReferenceAnnotation>().FirstOrDefault(a => a.Resource == source);
        if (annotation is null)
        {
            annotation = new EndpointReferenceAnnotation(source);
            if (builder.Resource.IsContainer())
            {
                annotation.ContextNetworkId = KnownNetworkIdentifiers.DefaultAspireContainerNetwork;
            }

            var flags = FlagsOf(builder.Resource);
            builder.WithAnnotation(annotation).WithEnvironment(context => ReferenceVariables.AddEndpoints(context, annotation, name, flags));
        }

        if (endpoint is null)
        {
            annotation.UseAllEndpoints = true;
        }
        else
        {
            annotation.EndpointNames.Add(endpoint);
        }

        return builder.WithReferenceRelationship(source);
    }
}
