using Microsoft.Extensions.Diagnostics.HealthChecks;
using MonoRepo.Hosting.RedisCluster.Topology;

namespace MonoRepo.Hosting.RedisCluster.Local;

/// <summary>Healthy when every member serves its part; otherwise each fault by member.</summary>
internal sealed class ClusterHealthCheck(RedisClusterResource cluster, ClusterKeeper keeper, TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // At the start it takes a moment: to wait for it here reports health as soon as there is any, not a poll later.
        await keeper.Serving.WaitAsync(Patience, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        var members = await ClusterMembers.OfAsync(cluster, cancellationToken).ConfigureAwait(false);
        var faults = await ClusterInspection.FaultsAsync(members, clock, cancellationToken).ConfigureAwait(false);
        return faults.Count == 0
            ? HealthCheckResult.Healthy($"{members.Count} members serve {SlotRange.Count} slots.")
            : new(
                context.Registration.FailureStatus,
                string.Join("; ", faults.Select(f => $"{f.Key} {f.Value}")),
                data: faults.ToDictionary(f => f.Key, f => (object)f.Value));
    }
}
