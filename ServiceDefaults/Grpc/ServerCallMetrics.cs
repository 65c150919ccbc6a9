using Grpc.Core;
using Grpc.Core.Interceptors;

namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>Counts the calls that a server handles. Outside of <see cref="ErrorMapping"/>, so that it sees the status that the caller gets.</summary>
internal sealed class ServerCallMetrics : Interceptor
{
    /// <summary>The hot path: a method that completes at once costs no state machine.</summary>
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        var series = SeriesOf(context, MethodType.Unary);
        var start = series.Start();
        series.Receive();
        Task<TResponse> response;
        try
        {
            response = continuation(request, context);
        }
        catch (Exception exception)
        {
            series.End(start, CallOutcome.Of(context, exception));
            throw;
        }

        if (!response.IsCompletedSuccessfully)
        {
            return AnswerAsync(response, context, series, start);
        }

        series.Send();
        series.End(start, CallOutcome.Of(context, null));
        return response;
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requests, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        TResponse? response = null;
        await StreamAsync(context, MethodType.ClientStreaming, async series =>
        {
            response = await continuation(new CountingReader<TRequest>(requests, series), context).ConfigureAwait(false);
            series.Send();
        }).ConfigureAwait(false);
        return response!;
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responses, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        StreamAsync(context, MethodType.ServerStreaming, series =>
        {
            series.Receive();
            return continuation(request, new CountingWriter<TResponse>(responses, series), context);
        });

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requests, IServerStreamWriter<TResponse> responses, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        StreamAsync(context, MethodType.DuplexStreaming, series =>
            continuation(new CountingReader<TRequest>(requests, series), new CountingWriter<TResponse>(responses, series), context));

    private static async Task<TResponse> AnswerAsync<TResponse>(Task<TResponse> response, ServerCallContext context, CallSeries series, long start)
    {
        Exception? fault = null;
        try
        {
            var message = await response.ConfigureAwait(false);
            series.Send();
            return message;
        }
        catch (Exception exception)
        {
            fault = exception;
            throw;
        }
        finally
        {
            series.End(start, CallOutcome.Of(context, fault));
        }
    }

    private static async Task StreamAsync(ServerCallContext context, MethodType type, Func<CallSeries, Task> handle)
    {
        var series = SeriesOf(context, type);
        var start = series.Start();
        Exception? fault = null;
        try
        {
            await handle(series).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            fault = exception;
            throw;
        }
        finally
        {
            series.End(start, CallOutcome.Of(context, fault));
        }
    }

    // From the request itself: gRPC's own collection of headers is made on the first look, for every call.
    private static CallSeries SeriesOf(ServerCallContext context, MethodType type) =>
        CallMetrics.Server.Of(context.Method, type, Caller.Label(context.GetHttpContext().Request.Headers[Caller.Header]));
}
