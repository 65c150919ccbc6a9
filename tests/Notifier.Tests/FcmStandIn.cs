using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MonoRepo.Tests;

/// <summary>Takes what is sent to Firebase Cloud Messaging, and gives out the tokens for it.</summary>
internal sealed class FcmStandIn : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _attempts;

    private FcmStandIn(WebApplication app) => _app = app;

    /// <summary>How the n-th message is answered (from 0); what isn't 200 isn't taken.</summary>
    public Func<int, HttpContext, Task<int>> Answer { get; set; } = (_, _) => Task.FromResult(200);

    /// <summary>The messages that were taken.</summary>
    public ConcurrentQueue<JsonElement> Messages { get; } = new();

    public int Attempts => _attempts;

    public IEnumerable<string> Titles => Read("title");

    public IEnumerable<string> Bodies => Read("body");

    public static async Task<FcmStandIn> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var fcm = new FcmStandIn(builder.Build());
        fcm._app.MapPost("/token", (HttpRequest request) =>
            request.Form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
                && request.Form["assertion"].ToString().Split('.').Length == 3
                ? Results.Json(new { access_token = "fcm-token", expires_in = 3600, token_type = "Bearer" })
                : Results.BadRequest()).DisableAntiforgery();
        fcm._app.MapPost("/v1/projects/shop/messages:send", fcm.TakeAsync);
        await fcm._app.StartAsync(TestContext.Current.CancellationToken);
        return fcm;
    }

    /// <summary>The settings of a receiver that sends here.</summary>
    public (string, string)[] Receiver(string name)
    {
        using var key = RSA.Create(2048);
        var account = JsonSerializer.Serialize(new
        {
            type = "service_account",
            project_id = "shop",
            client_email = "notifier@example.org",
            private_key = key.ExportPkcs8PrivateKeyPem(),
            token_uri = $"{_app.Urls.Single()}/token",
        });
        return
        [
            ($"Receivers__{name}__Fcm__ServiceAccount", account), ($"Receivers__{name}__Fcm__Topic", "ops"),
            ($"Receivers__{name}__Fcm__Endpoint", _app.Urls.Single()),
        ];
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IEnumerable<string> Read(string part) =>
        Messages.Select(message => message.GetProperty("notification").GetProperty(part).GetString()!);

    private async Task TakeAsync(HttpContext context)
    {
        Assert.Equal("Bearer fcm-token", context.Request.Headers.Authorization);
        var body = await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body);
        context.Response.StatusCode = await Answer(Interlocked.Increment(ref _attempts) - 1, context);
        if (context.Response.StatusCode == 200)
        {
            Messages.Enqueue(body.GetProperty("message"));
            await context.Response.WriteAsJsonAsync(new { name = "projects/shop/messages/1" });
        }
    }
}
