using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MonoRepo.Hosting;

/// <summary>Asks an endpoint by HTTP.</summary>
internal sealed class HttpHealthCheck(EndpointReference endpoint, string path, int statusCode) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default) =>
        endpoint.IsAllocated
            ? await HttpProbe.AskAsync(new Uri(new Uri(endpoint.Url), path), endpoint.EndpointAnnotation.Transport == "http2", statusCode, cancellationToken).ConfigureAwait(false)
            : HealthCheckResult.Unhealthy($"The endpoint '{endpoint.EndpointName}' has no address yet.");
}
