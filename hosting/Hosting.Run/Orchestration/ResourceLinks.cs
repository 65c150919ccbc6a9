using System.Collections.Immutable;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace MonoRepo.Hosting.Run.Orchestration;

/// <summary>The links of a resource: one for each endpoint, and what the graph adds or changes.</summary>
internal sealed partial class ResourceLinks(DistributedApplicationExecutionContext executionContext, ResourceLoggerService loggers)
{
    /// <summary>Makes the links once the endpoints have addresses; they replace the resource's ResourceUrlAnnotations.</summary>
    public async Task CollectAsync(IResource resource, CancellationToken cancellationToken)
    {
        var stated = resource.Annotations.OfType<ResourceUrlAnnotation>().ToList();
        List<ResourceUrlAnnotation> urls = [.. EndpointUrls(resource), .. stated];
        var context = new ResourceUrlsCallbackContext(executionContext, resource, urls, cancellationToken) { Logger = loggers.GetLogger(resource) };
        foreach (var callback in resource.Annotations.OfType<ResourceUrlsCallbackAnnotation>().ToList())
        {
            try
            {
                await callback.Callback(context).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Log.CallbackFailed(context.Logger, resource.Name, e.Message);
            }
        }

        foreach (var url in stated)
        {
            resource.Annotations.Remove(url);
        }

        foreach (var url in urls)
        {
            if (url.Url.StartsWith('/') && url.Endpoint is { IsAllocated: true } endpoint)
            {
                url.Url = endpoint.Url.TrimEnd('/') + url.Url;
            }

            resource.Annotations.Add(url);
        }
    }

    /// <summary>The links as the dashboard gets them.</summary>
    /// <param name="isActive">Whether an endpoint has its process; links without an endpoint ask with null.</param>
    public static ImmutableArray<UrlSnapshot> SnapshotsOf(IResource resource, Func<EndpointReference?, bool> isActive) =>
    [
        .. resource.Annotations.OfType<ResourceUrlAnnotation>().Select(url =>
            new UrlSnapshot(url.Endpoint?.EndpointName, url.Url, url.DisplayLocation == UrlDisplayLocation.DetailsOnly)
            {
                IsInactive = !isActive(url.Endpoint),
#pragma warning disable CS0618 // Obsolete for those who set it; it still has to be shown.
                DisplayProperties = new(url.DisplayText ?? "", url.DisplayOrder ?? 0),
#pragma warning restore CS0618
            }),
    ];

    private static IEnumerable<ResourceUrlAnnotation> EndpointUrls(IResource resource) =>
        resource is IResourceWithEndpoints owner
            ? owner.Annotations.OfType<EndpointAnnotation>()
                .Where(endpoint => endpoint.AllocatedEndpoint is not null)
                .Select(endpoint => new ResourceUrlAnnotation
                {
                    Url = endpoint.AllocatedEndpoint!.UriString,
                    Endpoint = new EndpointReference(owner, endpoint),
                })
                .ToList()
            : [];

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The links of '{Resource}' could not be completed: {Reason}")]
        public static partial void CallbackFailed(ILogger logger, string resource, string reason);
    }
}
