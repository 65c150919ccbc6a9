using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;

namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>
/// What a method throws becomes the status that callers act upon: a refusal its own, a missing dependency UNAVAILABLE, a passed deadline
/// DEADLINE_EXCEEDED, a caller who left CANCELLED, anything else INTERNAL with the details in our log and not in the answer.
/// </summary>
internal sealed partial class ErrorMapping(ILogger<ErrorMapping> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw Map(exception, context);
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requests, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(requests, context);
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw Map(exception, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responses, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responses, context);
        }
        catch (Exception exception) when (exception is not RpcException)
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
            await continuation(requests, responses, context);
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw Map(exception, context);
        }
    }

    private RpcException Map(Exception exception, ServerCallContext context)
    {
        // A call that is over fails in many ways (a cancelled read, a write to a completed response): all mean the same.
        if (context.CancellationToken.IsCancellationRequested)
        {
            return CallOutcome.HasDeadlinePassed(context)
                ? new RpcException(new Status(StatusCode.DeadlineExceeded, "The deadline passed before the call was done."))
                : new RpcException(new Status(StatusCode.Cancelled, "The caller left before the call was done."));
        }

        switch (exception)
        {
            case StatusException refusal:
                return refusal.ToRpcException();
            case DependencyUnavailableException:
                LogUnavailable(context.Method, exception.Message, exception.InnerException?.Message);
                return new RpcException(new Status(StatusCode.Unavailable, exception.Message));
            case OperationCanceledException or IOException:
                // A caller who resets its stream shows as a failed read a moment before the token says so.
                return new RpcException(new Status(StatusCode.Cancelled, "The caller left before the call was done."));
            default:
                LogFault(exception, context.Method);
                return new RpcException(new Status(StatusCode.Internal, "The server failed; its log says why."));
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Method} answered UNAVAILABLE: {Reason} ({Cause})")]
    private partial void LogUnavailable(string method, string reason, string? cause);

    [LoggerMessage(2, LogLevel.Error, "{Method} failed.")]
    private partial void LogFault(Exception exception, string method);
}
