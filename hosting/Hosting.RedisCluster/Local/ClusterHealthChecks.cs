using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MonoRepo.Hosting.RedisCluster.Topology;
using StackExchange.Redis;

namespace MonoRepo.Hosting.RedisCluster.Local;

/// <summary>Healthy when every member serves its part; otherwise what is wrong, by member.</summary>
internal sealed class ClusterHealthCheck(ClusterKeeper keeper, TimeProvider clock) : IHealthCheck
{
    /// <summary>
    /// How long a check waits for the start to be over: it reports health as soon as there is any, not a poll later.
    /// </summary>
    public static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(10);

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await keeper.Serving.WaitAsync(
            StartTimeout, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        if (!keeper.Client.IsCompletedSuccessfully)
        {
            return new(context.Registration.FailureStatus, "The members have not started yet.");
        }

        var client = await keeper.Client;
        var problems = await ClusterInspection.FindProblemsAsync(client);
        return problems.Count == 0
            ? HealthCheckResult.Healthy($"{client.Members.Count} members serve {HashSlots.Count} slots.")
            : new(
                context.Registration.FailureStatus,
                string.Join("; ", problems.Select(p => $"{p.Key} {p.Value}")),
                data: problems.ToDictionary(p => p.Key, p => (object)p.Value));
    }
}

/// <summary>Healthy when the member answers PING.</summary>
internal sealed class MemberHealthCheck(IResource resource, ClusterKeeper keeper, TimeProvider clock) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await ((Task)keeper.Client).WaitAsync(
            ClusterHealthCheck.StartTimeout, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        if (!keeper.Client.IsCompletedSuccessfully)
        {
            return new(context.Registration.FailureStatus, "Another member has not started yet.");
        }

        var client = await keeper.Client;
        var member = client.Members.Single(m => m.Name == resource.Name);
        try
        {
            await client.ServerOf(member).PingAsync();
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (RedisClusterClient.IsRefusal(e))
        {
            return new(context.Registration.FailureStatus, $"{member.Name} {ClusterInspection.Describe(member, e)}.");
        }
    }
}
