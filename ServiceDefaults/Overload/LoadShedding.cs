using System.Collections.Concurrent;
using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using MonoRepo.ServiceDefaults.Calls;

namespace MonoRepo.ServiceDefaults.Overload;

/// <summary>
/// Takes as many calls as the server can answer well and refuses the rest: RESOURCE_EXHAUSTED, with the time after which to try again. A
/// middleware and no interceptor, so that a refused call costs neither reading its message nor an exception. Health and reflection pass.
/// </summary>
internal sealed class LoadShedding(RequestDelegate next, AdaptiveConcurrencyLimiter limiter, OverloadOptions options)
{
    private const string Pushback = "grpc-retry-pushback-ms";
    private readonly ConcurrentDictionary<IMethod, MethodDuration> _durations = new();

    public Task InvokeAsync(HttpContext context) => ForcedDeadlines.GetOwnMethod(context) is { } method ? InvokeAsync(context, method) : next(context);

    private async Task InvokeAsync(HttpContext context, IMethod method)
    {
        var isUnary = method.Type == MethodType.Unary;
        var call = new IncomingCall(
            CallContext.Current.Criticality, ForcedDeadlines.TimeLeft(context.Request), isUnary ? _durations.GetOrAdd(method, _ => new()) : null);
        using var lease = await limiter.AdmitAsync(call, context.RequestAborted);
        if (!lease.IsAcquired)
        {
            Refuse(context, lease);
            return;
        }

        // How long a stream is open is its caller's affair: it is no sample, and holds a place only while it may still be at work.
        await using var hold = isUnary ? null : new Timer(_ => lease.Release(isSample: false), null, options.StreamTime, Timeout.InfiniteTimeSpan);
        await next(context);
        var status = context.Features.Get<IServerCallContextFeature>()?.ServerCallContext?.Status.StatusCode;

        // An error may come sooner than an answer, or much later: only answers are compared.
        lease.Release(isSample: status == StatusCode.OK && !context.RequestAborted.IsCancellationRequested);
        if (status == StatusCode.ResourceExhausted && !context.Response.HasStarted)
        {
            // The service's own limit: trying again doesn't help.
            context.Response.Headers[Pushback] = "-1";
        }
    }

    private static void Refuse(HttpContext context, CallLease lease)
    {
        if (lease.Reason == ShedReason.Cancelled)
        {
            context.Abort();
            return;
        }

        var status = new Google.Rpc.Status
        {
            Code = (int)StatusCode.ResourceExhausted,
            Message = lease.Reason == ShedReason.Deadline ? "The server is overloaded: the deadline can't be met." : "The server is overloaded.",
            Details = { Any.Pack(new Google.Rpc.RetryInfo { RetryDelay = Duration.FromTimeSpan(lease.RetryAfter) }) },
        };
        var response = context.Response;
        response.ContentType = "application/grpc";
        response.Headers.GrpcStatus = $"{status.Code}";
        response.Headers.GrpcMessage = status.Message;
        response.Headers["grpc-status-details-bin"] = Convert.ToBase64String(status.ToByteArray()).TrimEnd('=');
        response.Headers[Pushback] = lease.RetryAfter.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
        context.Features.Get<IHttpActivityFeature>()?.Activity.SetTag("grpc.status_code", $"{status.Code}");
    }
}
