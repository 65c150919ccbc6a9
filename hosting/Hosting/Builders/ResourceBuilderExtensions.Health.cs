using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MonoRepo.Hosting;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Lets a health check of the AppHost decide about the resource.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="key">Name under which the check is registered in the services of the builder.</param>
    public static IResourceBuilder<T> WithHealthCheck<T>(this IResourceBuilder<T> builder, string key)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Resource.Annotations.OfType<HealthCheckAnnotation>().Any(a => a.Key == key))
        {
            throw new DistributedApplicationException($"Resource '{builder.Resource.Name}' already has a health check with key '{key}'.");
        }

        return builder.WithAnnotation(new HealthCheckAnnotation(key));
    }

    /// <summary>The resource is healthy when an HTTP request is answered with a status.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="path">Path of the request. Default "/".</param>
    /// <param name="statusCode">Expected status. Default 200.</param>
    /// <param name="endpointName">Endpoint; null means http or https, else the first of these schemes.</param>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder,
        string? path = null,
        int? statusCode = null,
        [EndpointName] string? endpointName = null)
        where T : IResourceWithEndpoints =>
        builder.WithHttpHealthCheck(endpointName is null ? null : () => builder.GetEndpoint(endpointName), path, statusCode);

    /// <inheritdoc cref="WithHttpHealthCheck{T}(IResourceBuilder{T}, string?, int?, string?)" />
    /// <param name="builder">The resource.</param>
    /// <param name="endpointSelector">Finds the endpoint; null means http or https, else the first of these schemes.</param>
    /// <param name="path">Path of the request. Default "/".</param>
    /// <param name="statusCode">Expected status. Default 200.</param>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder,
        Func<EndpointReference>? endpointSelector,
        string? path = null,
        int? statusCode = null)
        where T : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        var endpoint = endpointSelector?.Invoke() ?? HttpEndpoints.Find(builder.Resource, "HTTP health check");
        HttpEndpoints.ThrowUnlessHttp(endpoint, "HTTP health check");
        path ??= "/";
        var status = statusCode ?? 200;
        var key = $"{builder.Resource.Name}_{endpoint.EndpointName}_{path}_{status}_check";
        builder.ApplicationBuilder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            key,
            _ => new HttpHealthCheck(endpoint, path, status),
            failureStatus: null,
            tags: null));
        return builder.WithHealthCheck(key).WithAnnotation(new HttpHealthCheckAnnotation(endpoint, path, status));
    }
}
