using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MonoRepo.ServiceDefaults.Redis;

/// <summary>
/// Unhealthy while no shard answers. With some shards away the service is degraded and stays in rotation: every replica
/// sees the same cluster, so that leaving would turn the loss of a part into the loss of all.
/// </summary>
internal sealed class RedisHealthCheck(RedisConnection redis) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(redis.State switch
        {
            RedisState.Ready => HealthCheckResult.Healthy(),
            RedisState.Partial => HealthCheckResult.Degraded("Some shards of Redis are away."),
            _ => HealthCheckResult.Unhealthy("Redis is away."),
        });
}
