using Aspire.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MonoRepo.Hosting;

/// <summary>Asks a service outside of the application by HTTP.</summary>
internal sealed class ExternalServiceHealthCheck(ExternalServiceResource service, string path, int statusCode) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default)
    {
        var address = service.Uri?.ToString() ?? await service.UrlParameter!.GetValueAsync(cancellationToken).ConfigureAwait(false);
        return Uri.TryCreate(address, UriKind.Absolute, out var uri)
            ? await HttpProbe.AskAsync(new Uri(uri, path), http2: false, statusCode, cancellationToken).ConfigureAwait(false)
            : HealthCheckResult.Unhealthy($"'{address}' is not an absolute URL.");
    }
}
