using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MonoRepo.Hosting;

namespace Aspire.Hosting;

/// <summary>Adds services outside of the application.</summary>
public static class ExternalServiceBuilderExtensions
{
    /// <summary>Adds a service at a known address.</summary>
    public static IResourceBuilder<ExternalServiceResource> AddExternalService(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri)
            ? builder.AddExternalService(name, uri)
            : throw new ArgumentException($"The external service URL '{url}' is invalid: The URL for the external service must be an absolute URI.", nameof(url));

    /// <summary>Adds a service at a known address.</summary>
    public static IResourceBuilder<ExternalServiceResource> AddExternalService(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        Uri uri)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddResource(new ExternalServiceResource(name, uri)).ExcludeFromManifest();
    }

    /// <summary>Adds a service whose address is a parameter.</summary>
    public static IResourceBuilder<ExternalServiceResource> AddExternalService(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        IResourceBuilder<ParameterResource> urlParameter)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(urlParameter);
        return builder.AddResource(new ExternalServiceResource(name, urlParameter.Resource))
            .WithReferenceRelationship(urlParameter.Resource).ExcludeFromManifest();
    }

    /// <summary>The service is healthy when an HTTP request is answered with a status.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="path">Path of the request. Default "/".</param>
    /// <param name="statusCode">Expected status. Default 200.</param>
    public static IResourceBuilder<ExternalServiceResource> WithHttpHealthCheck(
        this IResourceBuilder<ExternalServiceResource> builder,
        string? path = null,
        int? statusCode = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var service = builder.Resource;
        if (service.Uri is { Scheme: not ("http" or "https") } uri)
        {
            throw new DistributedApplicationException($"Could not create HTTP health check for external service '{service.Name}': its URL '{uri}' is not an HTTP address.");
        }

        var status = statusCode ?? 200;
        var key = $"{service.Name}_external{(path is null ? null : $"_{path}")}_{status}_check";
        builder.ApplicationBuilder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            key, _ => new ExternalServiceHealthCheck(service, path ?? "/", status), failureStatus: null, tags: null));
        return builder.WithHealthCheck(key);
    }
}
