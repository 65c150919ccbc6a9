using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using MonoRepo.ServiceDefaults.Health;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>
/// <c>grpc.health.v1</c> over the process's health checks. The empty name and every served service mean readiness (all checks
/// pass); the name <c>liveness</c> asks only the checks tagged so, which is what a kubelet's liveness and startup probes name.
/// </summary>
internal sealed class HealthService(HealthCheckService checks, GrpcServices services, IHostApplicationLifetime lifetime, TimeProvider clock)
    : global::Grpc.Health.V1.Health.HealthBase
{
    private const string Liveness = "liveness";
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        var status = await GetAsync(request.Service, context.CancellationToken);
        return status == ServingStatus.ServiceUnknown
            ? throw new RpcException(new Status(StatusCode.NotFound, $"No service '{request.Service}' is served here."))
            : new HealthCheckResponse { Status = status };
    }

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responses, ServerCallContext context)
    {
        // A stop wakes the wait, so that NOT_SERVING is the last word of the stream and the stream does not hold up the drain.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        var last = ServingStatus.Unknown;
        while (true)
        {
            var status = await GetAsync(request.Service, context.CancellationToken);
            if (status != last)
            {
                await responses.WriteAsync(new HealthCheckResponse { Status = status }, context.CancellationToken);
                last = status;
            }

            if (lifetime.ApplicationStopping.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(WatchInterval, clock, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            context.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task<ServingStatus> GetAsync(string service, CancellationToken cancellationToken)
    {
        if (service is not ("" or Liveness) && !services.Contains(service))
        {
            return ServingStatus.ServiceUnknown;
        }

        var report = await checks.CheckHealthAsync(
            check => service != Liveness || check.Tags.Contains(HealthTags.Live), cancellationToken);
        return report.Status == HealthStatus.Unhealthy ? ServingStatus.NotServing : ServingStatus.Serving;
    }
}
