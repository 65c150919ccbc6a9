using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MonoRepo.ServiceDefaults.Lifetime;

/// <summary>
/// On SIGTERM: readiness goes off (<see cref="DrainHealthCheck"/>), calls are still taken for a while, then the server
/// stops listening and ends its connections with GOAWAY while the calls under way finish, at most until the timeout.
/// </summary>
internal sealed partial class Drain(DrainOptions options, TimeProvider clock, ILogger<Drain> logger) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Runs before any StopAsync, so before Kestrel's: ApplicationStopping has already turned readiness off.
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        LogDraining(options.Delay, options.Timeout);
        if (options.Delay > TimeSpan.Zero)
        {
            await Task.Delay(options.Delay, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(1, LogLevel.Information, "Draining: not ready from now on, new calls taken for {Delay}, calls under way have {Timeout}.")]
    private partial void LogDraining(TimeSpan delay, TimeSpan timeout);
}
