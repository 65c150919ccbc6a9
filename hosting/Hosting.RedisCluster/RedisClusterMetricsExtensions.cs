using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;
using MonoRepo.Hosting.RedisCluster.Monitoring;

namespace Aspire.Hosting;

/// <summary>Metrics of Redis Clusters.</summary>
public static class RedisClusterMetricsExtensions
{
    /// <summary>
    /// Adds an exporter beside the cluster, <c>{name}-exporter</c>: a program that follows the members and serves their memory,
    /// operations, slots and replication to Prometheus. Locally it starts once everything else is ready. Its alerts and panels
    /// come with it.
    /// </summary>
    /// <typeparam name="TExporter">The exporter's project.</typeparam>
    /// <param name="builder">The cluster.</param>
    public static IResourceBuilder<RedisClusterResource> WithMetrics<TExporter>(
        this IResourceBuilder<RedisClusterResource> builder)
        where TExporter : IProjectMetadata, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.ApplicationBuilder.AddProject<TExporter>($"{builder.Resource.Name}-exporter").WithHttpHealthCheck("/health")
            .WithMetricsEndpoint()
            .WithReference(builder)
            .WithDeferredStart()
            .WithResources(cpuRequest: "20m", memoryRequest: "96Mi", memoryLimit: "192Mi");
        return builder.WithMonitoring();
    }

    /// <summary>Alerts and panels, in the series of the exporter.</summary>
    internal static IResourceBuilder<RedisClusterResource> WithMonitoring(this IResourceBuilder<RedisClusterResource> builder)
    {
        var cluster = builder.Resource.Name;
        return builder.WithAlertRules(RedisClusterAlerts.Of(cluster))
            .WithGrafanaDashboard("Cluster", RedisClusterPanels.Cluster(cluster))
            .WithGrafanaDashboard("Work", RedisClusterPanels.Work(cluster));
    }
}
