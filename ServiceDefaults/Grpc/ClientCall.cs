using Grpc.Core;

namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>A call under way on the client; its first end counts.</summary>
internal sealed class ClientCall(CallSeries series)
{
    private readonly long _start = series.Start();
    private int _ended;

    public CallSeries Series => series;

    public void End(StatusCode code)
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            series.End(_start, code);
        }
    }

    public async Task<TResponse> CompleteAsync<TResponse>(Task<TResponse> response)
    {
        Exception? fault = null;
        try
        {
            var message = await response.ConfigureAwait(false);
            series.Receive();
            return message;
        }
        catch (Exception exception)
        {
            fault = exception;
            throw;
        }
        finally
        {
            End(CallOutcome.Of(fault));
        }
    }

    /// <summary>Ends the call when the application gives it up before its end.</summary>
    public Action Disposing(Action dispose) => () =>
    {
        dispose();
        End(StatusCode.Cancelled);
    };
}
