using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MonoRepo.Tests;

/// <summary>Takes what Alertmanager posts.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly TaskCompletionSource<string> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WebApplication _app;

    private WebhookReceiver(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    public static async Task<WebhookReceiver> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new WebhookReceiver(builder.Build());
        receiver._app.MapPost("/", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            receiver._first.TrySetResult(await reader.ReadToEndAsync());
        });
        await receiver._app.StartAsync(cancellationToken);
        return receiver;
    }

    public Task<string> FirstAsync(CancellationToken cancellationToken) =>
        _first.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
