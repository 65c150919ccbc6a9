using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace MonoRepo.ServiceDefaults.Redis;

/// <summary>
/// Asks each shard for a key. A PING would not do: a member answers it while its cluster is down. Unhealthy while no shard
/// answers; with some of them missing the service is degraded and stays in rotation: every replica sees the same cluster, so that
/// leaving would turn the loss of a part into the loss of all. A shard has a second to answer, as the kubelet waits for two. When
/// the process stops, the check returns at once: the host waits for requests that are still running, and Redis may be stopping as
/// well.
/// </summary>
internal sealed class RedisHealthCheck(IConnectionMultiplexer redis, IHostApplicationLifetime lifetime) : IHealthCheck
{
    // Enough of them that every shard owns one.
    private static readonly RedisKey[] s_keys = [.. Enumerable.Range(0, 128).Select(i => (RedisKey)$"health:{i}")];

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(1);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        var database = redis.GetDatabase();
        var cluster = redis.GetServers().Select(server => server.ClusterConfiguration).FirstOrDefault(view => view is not null);
        var answers = await Task.WhenAll(s_keys.DistinctBy(key => cluster?.GetBySlot(key)?.NodeId).Select(AskAsync));
        var missing = answers.OfType<string>().ToList();
        return missing.Count == 0
            ? HealthCheckResult.Healthy()
            : new(missing.Count < answers.Length ? HealthStatus.Degraded : context.Registration.FailureStatus, missing[0]);

        async Task<string?> AskAsync(RedisKey key)
        {
            try
            {
                await database.KeyExistsAsync(key).WaitAsync(s_timeout, end.Token);
                return null;
            }
            catch (Exception exception) when (exception.IsRedisUnavailable())
            {
                return exception.Message;
            }
            catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
            {
                return "The process is stopping.";
            }
        }
    }
}
