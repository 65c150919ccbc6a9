using Grpc.Core;
using Grpc.Core.Interceptors;

namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>Counts the calls that a client makes, as the application sees them: the attempts of a retried call are one.</summary>
internal sealed class ClientCallMetrics : Interceptor
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, BlockingUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        var call = Start(context.Method);
        call.Series.Send();
        try
        {
            var response = continuation(request, context);
            call.Series.Receive();
            call.End(StatusCode.OK);
            return response;
        }
        catch (Exception exception)
        {
            call.End(CallOutcome.Of(exception));
            throw;
        }
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        var call = Start(context.Method);
        call.Series.Send();
        var inner = Begin(call, () => continuation(request, context));
        return new(call.CompleteAsync(inner.ResponseAsync), inner.ResponseHeadersAsync, inner.GetStatus, inner.GetTrailers, inner.Dispose);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var call = Start(context.Method);
        var inner = Begin(call, () => continuation(context));
        return new(
            new CountingClientWriter<TRequest>(inner.RequestStream, call.Series), call.CompleteAsync(inner.ResponseAsync),
            inner.ResponseHeadersAsync, inner.GetStatus, inner.GetTrailers, inner.Dispose);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context,
        AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var call = Start(context.Method);
        call.Series.Send();
        var inner = Begin(call, () => continuation(request, context));
        return new(
            new CountingClientReader<TResponse>(inner.ResponseStream, call),
            inner.ResponseHeadersAsync, inner.GetStatus, inner.GetTrailers, call.Disposing(inner.Dispose));
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var call = Start(context.Method);
        var inner = Begin(call, () => continuation(context));
        return new(
            new CountingClientWriter<TRequest>(inner.RequestStream, call.Series), new CountingClientReader<TResponse>(inner.ResponseStream, call),
            inner.ResponseHeadersAsync, inner.GetStatus, inner.GetTrailers, call.Disposing(inner.Dispose));
    }

    private static ClientCall Start<TRequest, TResponse>(Method<TRequest, TResponse> method) =>
        new(CallMetrics.Client.Of(method.FullName, method.Type, caller: null));

    // A channel that is disposed refuses at once.
    private static T Begin<T>(ClientCall call, Func<T> start)
    {
        try
        {
            return start();
        }
        catch (Exception exception)
        {
            call.End(CallOutcome.Of(exception));
            throw;
        }
    }
}
