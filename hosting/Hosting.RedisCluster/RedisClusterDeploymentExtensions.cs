using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;
using MonoRepo.Hosting.RedisCluster.Kubernetes;

namespace Aspire.Hosting;

/// <summary>
/// Settings of deployed Redis Clusters; locally they change nothing. All work inside of <c>In(environment, …)</c>.
/// </summary>
public static class RedisClusterDeploymentExtensions
{
    /// <summary>Another size than the one the cluster was added with: <c>redis.In("prod", r => r.WithSize(5, 2))</c>.</summary>
    /// <remarks>
    /// A running cluster changes its size by <c>apply</c>, which moves slots and roles; changing the number of pods alone loses
    /// data.
    /// </remarks>
    /// <param name="builder">The cluster.</param>
    /// <param name="shards">Masters; at least three.</param>
    /// <param name="replicasPerShard">Copies of each shard, 0 to 5.</param>
    /// <exception cref="DistributedApplicationException">The size is none that works.</exception>
    public static IResourceBuilder<RedisClusterResource> WithSize(
        this IResourceBuilder<RedisClusterResource> builder, int shards, int replicasPerShard = 1)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (shards < RedisClusterResource.MinShards || replicasPerShard is < 0 or > RedisClusterResource.MaxReplicasPerShard)
        {
            throw new DistributedApplicationException(
                $"Redis Cluster '{builder.Resource.Name}': WithSize({shards}, {replicasPerShard}) needs at least " +
                $"{RedisClusterResource.MinShards} shards and 0 to {RedisClusterResource.MaxReplicasPerShard} replicas of each.");
        }

        return builder.WithAnnotation(
            new RedisClusterSizeAnnotation(shards, replicasPerShard), ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>When a write has to be on the disk; within a second by default.</summary>
    public static IResourceBuilder<RedisClusterResource> WithDurability(
        this IResourceBuilder<RedisClusterResource> builder, RedisDurability durability)
    {
        var value = durability switch { RedisDurability.EveryWrite => "always", RedisDurability.None => "off", _ => "everysec" };
        return builder.WithVariables(variables => variables[RedisClusterDeployment.FsyncVariable] = value);
    }

    /// <summary>
    /// A directive of redis.conf, such as <c>maxmemory-policy</c>; it comes after those of this repository and wins.
    /// </summary>
    public static IResourceBuilder<RedisClusterResource> WithRedisSetting(
        this IResourceBuilder<RedisClusterResource> builder, string directive, string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directive);
        ArgumentNullException.ThrowIfNull(value);
        return builder.WithVariables(variables =>
        {
            var line = $"{directive} {value}";
            variables[RedisClusterDeployment.SettingsVariable] =
                variables.TryGetValue(RedisClusterDeployment.SettingsVariable, out var earlier) ? $"{earlier}\n{line}" : line;
        });
    }

    /// <summary>
    /// Saves every shard's data on a schedule, into a volume of its own; docs/redis-on-kubernetes.md says how to restore.
    /// </summary>
    /// <param name="builder">The cluster.</param>
    /// <param name="cron">When, in UTC: minute, hour, day of month, month, day of week.</param>
    /// <param name="storage">Size of the volume.</param>
    /// <param name="kept">How many backups stay; the oldest go first.</param>
    public static IResourceBuilder<RedisClusterResource> WithBackup(
        this IResourceBuilder<RedisClusterResource> builder, string cron = "17 3 * * *", string storage = "10Gi", int kept = 7)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentOutOfRangeException.ThrowIfLessThan(kept, 1);
        return builder.WithAnnotation(
                new ScheduledTaskAnnotation("backup", new(cron), RedisClusterScripts.Command(
                    "backup.sh", $"{kept}"), storage, RedisClusterScripts.BackupFolder)
                {
                    Restore = new(
                        RedisClusterScripts.Command("restore.sh", "plan", "{backup}"),
                        RedisClusterScripts.Command("restore.sh", "run", "{backup}", "replace"),
                        RedisClusterScripts.Command("restore.sh", "run", "{backup}", "merge"),
                        RedisClusterScripts.Command("restore.sh", "resume")),
                },
                ResourceAnnotationMutationBehavior.Replace);
    }

    private static IResourceBuilder<RedisClusterResource> WithVariables(
        this IResourceBuilder<RedisClusterResource> builder, Action<Dictionary<string, object>> set) =>
        builder.WithAnnotation(new EnvironmentCallbackAnnotation(set));
}
