using System.Net;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MonoRepo.Hosting.Run.Dashboard;

/// <summary>Serves the feed to the dashboard: HTTP/2 without TLS, on loopback.</summary>
internal sealed class ResourceServiceHost(
    DashboardOptions options,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    ResourceCommandService commands,
    IConfiguration configuration,
    IHostEnvironment environment,
    IHostApplicationLifetime lifetime,
    TimeProvider clock,
    ILoggerFactory loggers) : IHostedService, IAsyncDisposable
{
    /// <summary>Streams end by themselves when the AppHost stops; whatever does not is cut off.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource<string> _url = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication? _server;

    /// <summary>Where the feed is served; waits until it is.</summary>
    public Task<string> GetUrlAsync(CancellationToken cancellationToken) => _url.Task.WaitAsync(cancellationToken);

    /// <summary>Begins; others may start meanwhile and wait for the URL if they need it.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = Task.Run(() => ListenAsync(cancellationToken), cancellationToken);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _url.TrySetCanceled(CancellationToken.None);
        if (_server is { } server)
        {
            await server.StopAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        try
        {
            _server = Build();
            await _server.StartAsync(cancellationToken).ConfigureAwait(false);
            var url = _server.Urls.Single();
            FeedLog.Listening(loggers.CreateLogger<ResourceServiceHost>(), url);
            _url.TrySetResult(url);
        }
        catch (IOException e)
        {
            _url.TrySetException(new DistributedApplicationException(
                $"The resource service can't listen on {options.ResourceServiceEndPoint}: {e.Message} Free the port or unset {DashboardOptions.ResourceServiceUrlKey}.", e));
        }
        catch (Exception e)
        {
            _url.TrySetException(e);
        }
    }

    private WebApplication Build()
    {
        // Empty: the AppHost's settings, such as its URLs, are not the feed's, and nobody wants a log of its requests.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(options.ResourceServiceEndPoint, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTimeout);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddRouting();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(new ResourceFeed(
            notifications, logs, commands, configuration, environment, lifetime, clock, loggers.CreateLogger<ResourceFeed>()));

        var server = builder.Build();
        server.UseMiddleware<ApiKeyGuard>(options.ResourceServiceApiKey);
        server.UseRouting();
        server.MapGrpcService<ResourceFeed>();
        return server;
    }

    /// <summary>Signals are the AppHost's business.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
