using System.Globalization;
using Google.Rpc;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using MonoRepo.ServiceDefaults.Calls;
using MonoRepo.ServiceDefaults.Grpc;
using MonoRepo.ServiceDefaults.Overload;

namespace MonoRepo.ServiceDefaults.Quotas;

/// <summary>
/// Refuses calls beyond the quotas, before they take a place that load shedding gives: gRPC's by RESOURCE_EXHAUSTED, others by
/// 429. Health, reflection, the management endpoints and questions about quotas pass.
/// </summary>
internal sealed class QuotaEnforcement(RequestDelegate next, QuotaSet quotas)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (ForcedDeadlines.GetOwnMethod(context) is { } method)
        {
            return method.ServiceName == V1.QuotaService.Descriptor.FullName
                ? next(context)
                : ChargeAsync(context, method.FullName[1..], isGrpc: true);
        }

        // What has no metrics, as /health, isn't for callers.
        return context.GetEndpoint() is RouteEndpoint { Metadata: var metadata } endpoint
            && metadata.GetMetadata<GrpcMethodMetadata>() is null && metadata.GetMetadata<IDisableHttpMetricsMetadata>() is null
            && endpoint.RoutePattern.RawText is { } pattern
                ? ChargeAsync(context, $"{context.Request.Method} {pattern}", isGrpc: false)
                : next(context);
    }

    private Task ChargeAsync(HttpContext context, string method, bool isGrpc)
    {
        var charge = quotas.ChargeAsync(
            new(Caller.LabelOf(context.Request.Headers[Caller.Header]), method, CallContext.Current));
        return charge.IsCompletedSuccessfully ? AnswerAsync(charge.Result) : AwaitAsync();

        async Task AwaitAsync() => await AnswerAsync(await charge);

        Task AnswerAsync(QuotaRefusal? refusal)
        {
            if (refusal is null)
            {
                return next(context);
            }

            Refuse(context, refusal, isGrpc);
            return Task.CompletedTask;
        }
    }

    private static void Refuse(HttpContext context, QuotaRefusal refusal, bool isGrpc)
    {
        // Not sooner, as it would be refused again; not all at once.
        var retryAfter = refusal.RetryAfter * (1 + (Random.Shared.NextDouble() / 2)) + TimeSpan.FromMilliseconds(1);
        if (isGrpc)
        {
            context.Refuse(
                refusal.IsUnavailable
                    ? $"The quota {refusal.Quota.Name} can't be checked for now."
                    : $"Beyond the quota {refusal.Quota}.",
                retryAfter,
                new QuotaFailure
                {
                    Violations =
                    {
                        new QuotaFailure.Types.Violation
                        {
                            Subject = $"{refusal.Quota.Dimension}:{refusal.Partition}",
                            Description = $"{refusal.Quota}",
                        },
                    },
                });
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = Math.Ceiling(retryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }
    }
}
