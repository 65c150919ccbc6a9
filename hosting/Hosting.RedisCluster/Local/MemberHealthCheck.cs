using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MonoRepo.Hosting.RedisCluster.Topology;

namespace MonoRepo.Hosting.RedisCluster.Local;

/// <summary>Healthy when the member answers PING.</summary>
internal sealed class MemberHealthCheck(IResourceWithEndpoints resource, RedisClusterResource cluster, TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var member = await ClusterMembers.OfAsync(resource, cluster, cancellationToken).ConfigureAwait(false);
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await member.SendAsync(either.Token, "PING").ConfigureAwait(false);
            return HealthCheckResult.Healthy();
        }
        catch (SocketException)
        {
            return new(context.Registration.FailureStatus, $"Nothing answers on port {member.Port}.");
        }
        catch (Exception e) when (e is IOException or RespException)
        {
            return new(context.Registration.FailureStatus, e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(context.Registration.FailureStatus, $"No answer on port {member.Port} within {Patience.TotalSeconds} s.");
        }
    }
}
