using System.Collections.Concurrent;
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
    private static readonly CallCounter s_started = new(
        GrpcMetrics.Meter, "grpc.server.call.started", "{call}", "Calls started, whether they were completed or not.");

    private static readonly Histogram<double> s_duration = GrpcMetrics.CreateDuration(
        "grpc.server.call.duration", "Time from when the call was received until its status was sent.");

    // As many as there are methods, times the callers that are told apart.
    private static readonly ConcurrentDictionary<(string Method, string Caller), Series> s_series = new();

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

        var caller = Caller.LabelOf(context.Request.Headers[Caller.Header]);
        var series = s_series.GetOrAdd((method.FullName, caller), static (key, method) => new(method, key.Caller), method);
        series.Started.Increment();
        var call = calls?.Begin(caller, method, isOutgoing: false);
        var start = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            var status = StatusOf(context);
            s_duration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, series.TagsOf(status));
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

    /// <summary>A method's calls by one caller; their tags are made once.</summary>
    private sealed class Series
    {
        private readonly ConcurrentDictionary<StatusCode, KeyValuePair<string, object?>[]> _ended = new();
        private readonly KeyValuePair<string, object?>[] _tags;

        public Series(IMethod method, string caller)
        {
            _tags = [.. GrpcMetrics.TagsOf(method), new("caller", caller)];
            Started = s_started.Create(_tags);
        }

        public CallCounter.Series Started { get; }

        public KeyValuePair<string, object?>[] TagsOf(StatusCode status) => _ended.GetOrAdd(
            status, static (status, tags) => [.. tags, new(GrpcMetrics.StatusTag, GrpcMetrics.NameOf(status))], _tags);
    }
}
