using Grpc.Core;
using Grpc.Core.Interceptors;

namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>Counts the calls that a server handles. Outside of <see cref="ErrorMapping"/>, so that it sees the status that the caller gets.</summary>
internal sealed class ServerCallMetrics : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        var series = SeriesOf(context, MethodType.Unary);
        var start = series.Start();
        series.Receive();
        Exception? fault = null;
        try
        {
            var response = await continuation(request, context).ConfigureAwait(false);
            series.Send();
            return response;
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

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requests, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var series = SeriesOf(context, MethodType.ClientStreaming);
        var start = series.Start();
        Exception? fault = null;
        try
        {
            var response = await continuation(new CountingReader<TRequest>(requests, series), context).ConfigureAwait(false);
            series.Send();
            return response;
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

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responses, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var series = SeriesOf(context, MethodType.ServerStreaming);
        var start = series.Start();
        series.Receive();
        Exception? fault = null;
        try
        {
            await continuation(request, new CountingServerWriter<TResponse>(responses, series), context).ConfigureAwait(false);
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

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requests, IServerStreamWriter<TResponse> responses, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var series = SeriesOf(context, MethodType.DuplexStreaming);
        var start = series.Start();
        Exception? fault = null;
        try
        {
            await continuation(new CountingReader<TRequest>(requests, series), new CountingServerWriter<TResponse>(responses, series), context)
                .ConfigureAwait(false);
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
