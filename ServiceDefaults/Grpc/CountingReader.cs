using Grpc.Core;

namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>A server's stream of requests; each is counted.</summary>
internal sealed class CountingReader<T>(IAsyncStreamReader<T> inner, CallSeries series) : IAsyncStreamReader<T>
{
    public T Current => inner.Current;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (!await inner.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        series.Receive();
        return true;
    }
}
