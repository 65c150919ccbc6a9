using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MonoRepo.RouteGuide.Server.Storage.Redis;

/// <summary>Unhealthy until the feature database is known to be seeded.</summary>
internal sealed class FeatureHealthCheck(DataVersion version) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(version.Current > 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("The feature database is not seeded yet."));
}
