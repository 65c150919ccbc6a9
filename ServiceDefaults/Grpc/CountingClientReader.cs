using Grpc.Core;

namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>A client's stream of answers; each is counted, and the end of the stream is the end of the call.</summary>
internal sealed class CountingClientReader<T>(IAsyncStreamReader<T> inner, ClientCall call) : IAsyncStreamReader<T>
{
    public T Current => inner.Current;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        try
        {
            if (await inner.MoveNext(cancellationToken).ConfigureAwait(false))
            {
                call.Series.Receive();
                return true;
            }

            call.End(StatusCode.OK);
            return false;
        }
        catch (Exception exception) when (exception is RpcException or OperationCanceledException)
        {
            call.End(CallOutcome.Of(exception));
            throw;
        }
    }
}
