using Polly;

namespace MonoRepo.ServiceDefaults.Resilience;

/// <summary>Sends every request of an <see cref="HttpClient"/> through <see cref="HttpResilience"/>.</summary>
public sealed class ResilienceHandler(HttpResilience resilience) : DelegatingHandler
{
    /// <inheritdoc />
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(HttpResilience.Request, request);
        try
        {
            return await resilience.For(request).ExecuteAsync(
                async (context, send) => await send(context.Properties.GetValue(HttpResilience.Request, null!), context.CancellationToken),
                context,
                (Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>)base.SendAsync);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }
}
