using Grpc.Core;

namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>A client's stream of requests, which it also completes.</summary>
internal sealed class CountingClientWriter<T>(IClientStreamWriter<T> inner, CallSeries series) : CountingWriter<T>(inner, series), IClientStreamWriter<T>
{
    public Task CompleteAsync() => inner.CompleteAsync();
}
