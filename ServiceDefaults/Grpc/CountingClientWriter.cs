using Grpc.Core;

namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>A client's stream of requests; each is counted once it is written.</summary>
internal sealed class CountingClientWriter<T>(IClientStreamWriter<T> inner, CallSeries series) : IClientStreamWriter<T>
{
    public WriteOptions? WriteOptions
    {
        get => inner.WriteOptions;
        set => inner.WriteOptions = value;
    }

    public Task CompleteAsync() => inner.CompleteAsync();

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
