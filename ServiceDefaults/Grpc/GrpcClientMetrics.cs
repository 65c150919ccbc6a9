using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;
using MonoRepo.ServiceDefaults.Rpcz;

namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>
/// Measures the calls that a client makes, under the names of gRPC's proposal A66, as the application sees them: the attempts of
/// a retried call are one.
/// </summary>
internal sealed class GrpcClientMetrics(CallTable? calls = null, IHttpContextAccessor? http = null) : Interceptor
{
    private static readonly Histogram<double> s_duration = GrpcMetrics.CreateDuration(
        "grpc.client.call.duration",
        "Time from when the application made the call until it had its status, all attempts included.");

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context,
        BlockingUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        var measurement = Begin(context.Method);
        try
        {
            var response = continuation(request, context);
            measurement.End(null);
            return response;
        }
        catch (RpcException exception)
        {
            measurement.End(exception);
            throw;
        }
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context,
        AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        var measurement = Begin(context.Method);
        var call = continuation(request, context);
        return new(
            measurement.AwaitAsync(call.ResponseAsync), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers,
            call.Dispose);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var measurement = Begin(context.Method);
        var call = continuation(context);
        return new(
            call.RequestStream, measurement.AwaitAsync(call.ResponseAsync), call.ResponseHeadersAsync, call.GetStatus,
            call.GetTrailers,
            call.Dispose);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context,
        AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var measurement = Begin(context.Method);
        var call = continuation(request, context);
        return new(
            new MeasuredStream<TResponse>(call.ResponseStream, measurement), call.ResponseHeadersAsync, call.GetStatus,
            call.GetTrailers,
            () => measurement.Abandon(call.Dispose));
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var measurement = Begin(context.Method);
        var call = continuation(context);
        return new(
            call.RequestStream, new MeasuredStream<TResponse>(call.ResponseStream, measurement), call.ResponseHeadersAsync,
            call.GetStatus,
            call.GetTrailers, () => measurement.Abandon(call.Dispose));
    }

    private Measurement Begin(IMethod method) => new(method, calls?.Begin(
        http?.HttpContext?.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.FullName ?? "", method,
        isOutgoing: true));

    /// <summary>A running call; its first end counts.</summary>
    private sealed class Measurement(IMethod method, RunningCall? call)
    {
        private readonly long _start = Stopwatch.GetTimestamp();
        private int _ended;

        public void End(Exception? exception)
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                var status = exception switch
                {
                    null => StatusCode.OK,
                    RpcException rpc => rpc.StatusCode,
                    OperationCanceledException => StatusCode.Cancelled,
                    _ => StatusCode.Unknown,
                };
                var tags = GrpcMetrics.TagsOf(method);
                tags.Add(GrpcMetrics.StatusTag, GrpcMetrics.NameOf(status));
                s_duration.Record(Stopwatch.GetElapsedTime(_start).TotalSeconds, tags);
                call?.End(status);
            }
        }

        public async Task<TResponse> AwaitAsync<TResponse>(Task<TResponse> response)
        {
            try
            {
                var message = await response.ConfigureAwait(false);
                End(null);
                return message;
            }
            catch (Exception exception)
            {
                End(exception);
                throw;
            }
        }

        /// <summary>Ends a stream that the application gives up before its end.</summary>
        public void Abandon(Action dispose)
        {
            dispose();
            End(new OperationCanceledException());
        }
    }

    private sealed class MeasuredStream<T>(IAsyncStreamReader<T> inner, Measurement measurement) : IAsyncStreamReader<T>
    {
        public T Current => inner.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            try
            {
                if (await inner.MoveNext(cancellationToken).ConfigureAwait(false))
                {
                    return true;
                }

                measurement.End(null);
                return false;
            }
            catch (Exception exception)
            {
                measurement.End(exception);
                throw;
            }
        }
    }
}
