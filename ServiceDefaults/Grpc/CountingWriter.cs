using Grpc.Core;

namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>A stream of messages to the other side, a server's answers; each is counted once it is written.</summary>
internal class CountingWriter<T>(IAsyncStreamWriter<T> inner, CallSeries series) : IServerStreamWriter<T>
{
    public WriteOptions? WriteOptions
    {
        get => inner.WriteOptions;
        set => inner.WriteOptions = value;
    }

    public async Task WriteAsync(T message)
    {
        await inner.WriteAsync(message).ConfigureAwait(false);
        series.Send();
    }

    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        await inner.WriteAsync(message, cancellationToken).ConfigureAwait(false);
        series.Send();
    }
}
