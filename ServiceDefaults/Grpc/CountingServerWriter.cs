using Grpc.Core;

namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>A server's stream of answers; each is counted once it is written.</summary>
internal sealed class CountingServerWriter<T>(IServerStreamWriter<T> inner, CallSeries series) : IServerStreamWriter<T>
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
