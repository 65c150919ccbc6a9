using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>Calls a started application from a test.</summary>
public static class DistributedApplicationHostingTestingExtensions
{
    private const string DashboardName = "aspire-dashboard";

    /// <summary>A client whose base address is an endpoint.</summary>
    /// <param name="app">The started application.</param>
    /// <param name="resourceName">The resource.</param>
    /// <param name="endpointName">The endpoint; null means https, else http.</param>
    public static HttpClient CreateHttpClient(this DistributedApplication app, string resourceName, string? endpointName = null)
    {
        var endpoint = GetEndpoint(app, resourceName, endpointName);
        var client = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
        client.BaseAddress = endpoint;
        return client;
    }

    /// <summary>The connection string of a resource; waits until it is known.</summary>
    /// <exception cref="ArgumentException">There is no such resource, or it has no connection string.</exception>
    public static ValueTask<string?> GetConnectionStringAsync(this DistributedApplication app, string resourceName, CancellationToken cancellationToken = default) =>
        GetResource(app, resourceName) is IResourceWithConnectionString resource
            ? resource.GetConnectionStringAsync(cancellationToken)
            : throw new ArgumentException($"Resource '{resourceName}' does not expose a connection string.", nameof(resourceName));

    /// <summary>The address of an endpoint, as callers on this machine use it.</summary>
    /// <param name="app">The started application.</param>
    /// <param name="resourceName">The resource.</param>
    /// <param name="endpointName">The endpoint; null means https, else http.</param>
    /// <exception cref="ArgumentException">There is no such resource or endpoint.</exception>
    public static Uri GetEndpoint(this DistributedApplication app, string resourceName, string? endpointName = null) =>
        GetEndpointForNetwork(app, resourceName, null, endpointName);

    /// <summary>The address of an endpoint, as callers in a network use it; null means on this machine.</summary>
    /// <inheritdoc cref="GetEndpoint"/>
    public static Uri GetEndpointForNetwork(this DistributedApplication app, string resourceName, NetworkIdentifier? networkIdentifier, string? endpointName = null)
    {
        if (GetResource(app, resourceName) is not IResourceWithEndpoints resource)
        {
            throw new ArgumentException($"Resource '{resourceName}' has no endpoints.", nameof(resourceName));
        }

        string[] names = endpointName is { Length: > 0 } ? [endpointName] : ["https", "http"];
        var endpoint = names
            .Select(name => resource.GetEndpoint(name, networkIdentifier ?? KnownNetworkIdentifiers.LocalhostNetwork))
            .FirstOrDefault(endpoint => endpoint.Exists && endpoint.IsAllocated);
        return endpoint is not null
            ? new Uri(endpoint.Url)
            : throw new ArgumentException(
                $"Resource '{resourceName}' has no allocated endpoint '{string.Join("' or '", names)}'; it has: {string.Join(", ", resource.GetEndpoints().Select(e => e.EndpointName))}.",
                nameof(endpointName));
    }

    /// <summary>The link that opens the dashboard and logs in; waits until the dashboard runs.</summary>
    /// <exception cref="InvalidOperationException">The application has no dashboard or has not started.</exception>
    public static async Task<Uri> GetDashboardUrlAsync(this DistributedApplication app, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (app.Services.GetRequiredService<DistributedApplicationOptions>().DisableDashboard)
        {
            throw new InvalidOperationException("The dashboard is disabled: set DistributedApplicationOptions.DisableDashboard to false when the builder is created.");
        }

        await app.ResourceNotifications.WaitForResourceHealthyAsync(DashboardName, WaitBehavior.StopOnResourceUnavailable, cancellationToken).ConfigureAwait(false);
        var url = GetEndpoint(app, DashboardName);
        return app.Services.GetRequiredService<IConfiguration>()["AppHost:BrowserToken"] is { Length: > 0 } token
            ? new Uri(url, $"login?t={Uri.EscapeDataString(token)}")
            : url;
    }

    private static IResource GetResource(DistributedApplication app, string resourceName)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentException.ThrowIfNullOrEmpty(resourceName);
        if (!app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.IsCancellationRequested)
        {
            throw new InvalidOperationException("The application has not started: call StartAsync first.");
        }

        return app.Services.GetRequiredService<DistributedApplicationModel>().Resources
            .FirstOrDefault(resource => string.Equals(resource.Name, resourceName, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"Resource '{resourceName}' is not in the graph.", nameof(resourceName));
    }
}
