using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using MonoRepo.ServiceDefaults.Rpcz;

namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>
/// Measures the calls that a server answers, under the names of gRPC's proposal A66. A middleware and no interceptor, because it
/// sees the status that the caller gets, also where gRPC answers before any interceptor: a method that doesn't exist, a message
/// that is too large or can't be read.
/// </summary>
internal sealed class GrpcServerMetrics(RequestDelegate next, CallTable? calls = null)
{
    private static readonly Counter<long> s_started = GrpcMetrics.Meter.CreateCounter<long>(
        "grpc.server.call.started", "{call}", "Calls started, whether they were completed or not.");

    private static readonly Histogram<double> s_duration = GrpcMetrics.CreateDuration(
        "grpc.server.call.duration", "Time from when the call was received until its status was sent.");

    public Task InvokeAsync(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is { } method
        ? MeasureAsync(context, method.Method)
        : next(context);

    private async Task MeasureAsync(HttpContext context, IMethod method)
    {
        // All would be POST and 200, at the price of a second histogram in every call.
        if (context.Features.Get<IHttpMetricsTagsFeature>() is { } http)
        {
            http.MetricsDisabled = true;
        }

        var tags = GrpcMetrics.TagsOf(method);
        var caller = Caller.LabelOf(context.Request.Headers[Caller.Header]);
        tags.Add("caller", caller);
        s_started.Add(1, tags);
        var call = calls?.Begin(caller, method, isOutgoing: false);
        var start = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            var status = StatusOf(context);
            tags.Add(GrpcMetrics.StatusTag, GrpcMetrics.NameOf(status));
            s_duration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, tags);
            call?.End(status);
        }
    }

    // A caller who left before the end got nothing, whatever the method said.
    private static StatusCode StatusOf(HttpContext context) =>
        context.Features.Get<IServerCallContextFeature>()?.ServerCallContext switch
        {
            // Refused before gRPC saw it.
            null => int.TryParse(context.Response.Headers.GrpcStatus, out var status) ? (StatusCode)status : StatusCode.Unknown,
            { Status.StatusCode: StatusCode.OK } call when context.RequestAborted.IsCancellationRequested =>
                call.HasDeadlinePassed() ? StatusCode.DeadlineExceeded : StatusCode.Cancelled,
            var call => call.Status.StatusCode,
        };
}
