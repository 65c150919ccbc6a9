using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;
using MonoRepo.ServiceDefaults.Redis;

namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>
/// What a method throws becomes the status that callers act upon: an <see cref="RpcException"/> its own, a Redis that can't serve
/// for now UNAVAILABLE, a passed deadline DEADLINE_EXCEEDED, a caller who left CANCELLED, anything else INTERNAL with the details
/// in our log and not in the answer.
/// </summary>
internal sealed partial class ErrorMapping(ILogger<ErrorMapping> logger) : Interceptor
{
    private static readonly object s_methodFailed = new();

    /// <summary>
    /// Whether the method itself failed; INTERNAL without that is gRPC's word for a request that it couldn't read.
    /// </summary>
    public static bool HasMethodFailed(ServerCallContext context) => context.UserState.ContainsKey(s_methodFailed);

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception exception)
        {
            throw Map(exception, context);
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requests, ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(new RequestReader<TRequest>(requests), context);
        }
        catch (Exception exception)
        {
            throw Map(exception, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responses, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responses, context);
        }
        catch (Exception exception)
        {
            throw Map(exception, context);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requests, IServerStreamWriter<TResponse> responses, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(new RequestReader<TRequest>(requests), responses, context);
        }
        catch (Exception exception)
        {
            throw Map(exception, context);
        }
    }

    private RpcException Map(Exception exception, ServerCallContext context)
    {
        // A call that is over fails in many ways (a cancelled read, a write to a completed response): all mean the same.
        if (context.CancellationToken.IsCancellationRequested)
        {
            return context.HasDeadlinePassed()
                ? new(new(StatusCode.DeadlineExceeded, "The deadline passed before the call was done."))
                : new(new(StatusCode.Cancelled, "The caller left before the call was done."));
        }

        switch (exception)
        {
            case RpcException rpc:
                context.UserState[s_methodFailed] = true;
                return rpc;
            case var _ when exception.IsRedisUnavailable():
                LogUnavailable(context.Method, exception.Message);
                return new(new(StatusCode.Unavailable, "Redis is unavailable; try again."));
            case OperationCanceledException or IOException:
                // A caller who resets its stream shows as a failed read a moment before the token says so.
                return new(new(StatusCode.Cancelled, "The caller left before the call was done."));
            default:
                context.UserState[s_methodFailed] = true;
                LogFailed(exception, context.Method);
                return new(new(StatusCode.Internal, "The server failed; its log says why."));
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Method} answered UNAVAILABLE: {Reason}")]
    private partial void LogUnavailable(string method, string reason);

    [LoggerMessage(2, LogLevel.Error, "{Method} failed.")]
    private partial void LogFailed(Exception exception, string method);

    /// <summary>A stream of requests; one that can't be read is the caller's fault.</summary>
    private sealed class RequestReader<T>(IAsyncStreamReader<T> inner) : IAsyncStreamReader<T>
    {
        public T Current => inner.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            try
            {
                return await inner.MoveNext(cancellationToken);
            }
            catch (Exception exception)
                when (exception is InvalidProtocolBufferException or RpcException { StatusCode: StatusCode.Internal })
            {
                throw new RpcException(MalformedRequests.Status);
            }
        }
    }
}

/// <summary>Whose clock ended a call.</summary>
internal static class Deadlines
{
    // The caller's clock runs from before the request is sent, so that its reset of the stream comes a little before our
    // deadline.
    private static readonly TimeSpan s_ahead = TimeSpan.FromMilliseconds(50);

    /// <summary>Whether a cancelled call was cancelled by its deadline.</summary>
    public static bool HasDeadlinePassed(this ServerCallContext context) =>
        context.Deadline < DateTime.MaxValue && context.Deadline - s_ahead <= DateTime.UtcNow;
}
