using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting.Monitoring.Local;

/// <summary>The file from which Prometheus learns its targets; it follows the replicas as they come and go.</summary>
internal static class TargetsFile
{
    /// <summary>Writes the file whenever a replica starts or ends, until the application stops.</summary>
    public static async Task FollowAsync(
        MonitoringFolder folder, MonitoredGraph graph, ResourceNotificationService notifications,
        CancellationToken cancellationToken)
    {
        var scraped = graph.Scraped.ToDictionary(r => r.Resource.Name);
        var targets = new SortedDictionary<string, TargetGroup>(StringComparer.Ordinal);
        string? written = null;
        try
        {
            await foreach (var change in notifications.WatchAsync(cancellationToken))
            {
                if (!scraped.TryGetValue(change.Resource.Name, out var resource))
                {
                    continue;
                }

                if (Target(resource, change.ResourceId, change.Snapshot) is { } target)
                {
                    targets[change.ResourceId] = target;
                }
                else
                {
                    targets.Remove(change.ResourceId);
                }

                if (Json.SnakeCase(targets.Values) is var text && text != written)
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

    /// <summary>A running replica with the labels that its pod has in a cluster; null: there is nothing to scrape.</summary>
    public static TargetGroup? Target(MonitoredResource resource, string instance, CustomResourceSnapshot snapshot) =>
        snapshot.State?.Text == KnownResourceStates.Running
        && ReplicaAddress.Find(resource.Resource, snapshot, resource.Metrics!.Endpoint) is { } address
            ? new([$"127.0.0.1:{address.Port}"], new()
            {
                ["job"] = resource.Name,
                ["pod"] = instance,
                ["__metrics_path__"] = resource.Metrics.Path,
            })
            : null;
}

internal sealed record TargetGroup(IReadOnlyList<string> Targets, SortedDictionary<string, string> Labels);
