using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MonoRepo.ServiceDefaults.Shutdown;

/// <summary>How a service stops; section <c>Shutdown</c> of the configuration.</summary>
public sealed class ShutdownOptions
{
    /// <summary>
    /// How long calls are still accepted after readiness went off, so that callers can learn of it first.
    /// Default 5 s (a Kubernetes Service needs a few), in Development none.
    /// </summary>
    public TimeSpan Delay { get; set; }

    /// <summary>
    /// How long running calls may take to finish after that; what is left is aborted. Default 20 s, which fits with the
    /// delay into the 30 s that Kubernetes grants; in Development 2 s.
    /// </summary>
    public TimeSpan Timeout { get; set; }
}

/// <summary>
/// On SIGTERM: readiness goes off at once, calls are still accepted for the delay, then the server stops listening and ends its
/// connections with GOAWAY while the running calls finish, at most until the timeout.
/// </summary>
internal sealed partial class GracefulShutdown(
    ShutdownOptions options, IHostApplicationLifetime lifetime, IServiceProvider services, TimeProvider clock,
    ILogger<GracefulShutdown> logger)
    : IHostedLifecycleService, IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(lifetime.ApplicationStopping.IsCancellationRequested
            ? HealthCheckResult.Unhealthy("The process is stopping.")
            : HealthCheckResult.Healthy());

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Runs before any StopAsync, so before Kestrel's: ApplicationStopping has already turned readiness off.
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        LogStopping(options.Delay, options.Timeout);
        if (options.Delay > TimeSpan.Zero)
        {
            await Task.Delay(options.Delay, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // The host stops after the failure of a background service, and would exit with 0.
    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (services.GetServices<IHostedService>().OfType<BackgroundService>()
            .Any(service => service.ExecuteTask?.IsFaulted == true))
        {
            Environment.ExitCode = 1;
        }

        return Task.CompletedTask;
    }

    [LoggerMessage(1, LogLevel.Information,
        "Stopping: not ready from now on, new calls accepted for {Delay}, running calls have {Timeout}.")]
    private partial void LogStopping(TimeSpan delay, TimeSpan timeout);
}

/// <summary>Registers <see cref="GracefulShutdown"/>.</summary>
internal static class GracefulShutdownExtensions
{
    public static void AddGracefulShutdown(this IHostApplicationBuilder builder)
    {
        var development = builder.Environment.IsDevelopment();
        var options = new ShutdownOptions
        {
            Delay = development ? TimeSpan.Zero : TimeSpan.FromSeconds(5),
            Timeout = TimeSpan.FromSeconds(development ? 2 : 20),
        };
        builder.Configuration.GetSection("Shutdown").Bind(options);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<GracefulShutdown>();
        builder.Services.AddHostedService(services => services.GetRequiredService<GracefulShutdown>());
        builder.Services.AddHealthChecks().AddCheck<GracefulShutdown>("shutdown");
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Delay + options.Timeout);
    }
}
