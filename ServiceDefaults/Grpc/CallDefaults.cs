using Grpc.Core;
using Grpc.Core.Interceptors;

namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>
/// What every call of ours has: it waits until some instance is reachable (service configs have a field for it, but gRPC for .NET reads it
/// from the call alone), and says who calls.
/// </summary>
/// <param name="name">The caller's name; one that cannot be a service's is not sent.</param>
internal sealed class CallDefaults(string name) : Interceptor
{
    // Shared by the calls that have no headers of their own; nobody adds to it.
    private readonly Metadata _headers = Caller.IsName(name) ? new() { { Caller.Header, name } } : [];

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, BlockingUnaryCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, With(context));

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, With(context));

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context,
        AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, With(context));

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(With(context));

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(With(context));

    private ClientInterceptorContext<TRequest, TResponse> With<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context) where TRequest : class where TResponse : class =>
        new(context.Method, context.Host, context.Options.WithWaitForReady().WithHeaders(Headers(context.Options.Headers)));

    private Metadata Headers(Metadata? own)
    {
        if (own is null)
        {
            return _headers;
        }

        var all = new Metadata();
        foreach (var entry in own.Concat(_headers))
        {
            all.Add(entry);
        }

        return all;
    }
}
