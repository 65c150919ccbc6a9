using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MonoRepo.ServiceDefaults.Grpc;

namespace MonoRepo.Tests;

/// <summary>A service with nothing of its own, on a gRPC and a management endpoint of free ports.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private TestHost(WebApplication app) => App = app;

    public WebApplication App { get; }

    public Uri Grpc => new(App.Urls.First());

    public Uri Management => new(App.Urls.Last());

    public static async Task<TestHost> StartAsync(
        Action<WebApplicationBuilder>? configure = null, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { EnvironmentName = "Development", ApplicationName = "TestService" });
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(
            setting => setting.Key, setting => (string?)setting.Value));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2);
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http1);
        });
        builder.AddServiceDefaults();
        builder.AddGrpcServer();
        configure?.Invoke(builder);
        var app = builder.Build();
        app.Use((context, next) =>
        {
            context.Response.Headers["port"] = $"{context.Connection.LocalPort}";
            return next(context);
        });
        foreach (var map in app.Services.GetServices<Action<WebApplication>>())
        {
            map(app);
        }

        app.MapDefaultEndpoints();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TestHost(app);
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
