using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting.Monitoring.Local;

/// <summary>The file from which Prometheus learns its targets; it follows the replicas as they come and go.</summary>
internal static class TargetsFile
{
    /// <summary>Writes the file whenever a replica starts or ends, until the application stops.</summary>
    public static async Task FollowAsync(
        MonitoringFolder folder, MonitoredGraph graph, ResourceNotificationService notifications, CancellationToken cancellationToken)
    {
        var scraped = graph.Scraped.ToDictionary(r => r.Resource.Name);
        string? written = null;
        try
        {
            await foreach (var change in notifications.WatchAsync(cancellationToken).ConfigureAwait(false))
            {
                if (scraped.ContainsKey(change.Resource.Name) && Text(graph, notifications) is var text && text != written)
                {
                    folder.Write(text, PrometheusFiles.Targets);
                    written = text;
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>Every running replica, with the labels that its pod has in a cluster.</summary>
    public static string Text(MonitoredGraph graph, ResourceNotificationService notifications) => Json.SnakeCase(
    (TargetGroup[])[
        .. from resource in graph.Scraped
           from replica in resource.Resource.GetInstanceNames().Select((name, index) => (Name: name, Index: index))
           where notifications.TryGetCurrentState(replica.Name, out var current) && current.Snapshot.State?.Text == KnownResourceStates.Running
           let address = AddressOf(resource, replica.Index)
           where address is not null
           select new TargetGroup([address], new()
           {
               ["job"] = resource.Name,
               ["pod"] = replica.Name,
               ["__metrics_path__"] = resource.Metrics!.Path,
           }),
    ]);

    private static string? AddressOf(MonitoredResource resource, int replica)
    {
        var endpoint = resource.Metrics!.Endpoint;
        var own = resource.Resource.Annotations.OfType<ReplicaEndpointsAnnotation>()
            .LastOrDefault(a => string.Equals(a.EndpointName, endpoint, StringComparison.OrdinalIgnoreCase));
        if (own is not null)
        {
            var allocated = own.Replicas[replica].GetAllocatedEndpointAsync(KnownNetworkIdentifiers.LocalhostNetwork);
            return allocated.IsCompletedSuccessfully ? $"127.0.0.1:{allocated.Result.Port}" : null;
        }

        return resource.Resource.Annotations.OfType<EndpointAnnotation>()
            .FirstOrDefault(e => string.Equals(e.Name, endpoint, StringComparison.OrdinalIgnoreCase))?.AllocatedEndpoint is { } only
            ? $"127.0.0.1:{only.Port}"
            : null;
    }
}

internal sealed record TargetGroup(IReadOnlyList<string> Targets, SortedDictionary<string, string> Labels);
