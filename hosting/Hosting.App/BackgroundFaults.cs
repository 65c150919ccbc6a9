using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MonoRepo.Hosting.Run.Orchestration;

namespace MonoRepo.Hosting.App;

/// <summary>A background service that throws stops the application; this says which, and makes the exit code 1.</summary>
internal sealed partial class BackgroundFaults(IServiceProvider services, RunOutcome outcome, ILogger<BackgroundFaults> logger) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        foreach (var service in services.GetServices<IHostedService>().OfType<BackgroundService>())
        {
            if (service.ExecuteTask is { IsFaulted: true, Exception: { } fault })
            {
                var name = service.GetType().Name;
                Failed(logger, fault.GetBaseException(), name);
                outcome.Fail($"{name} failed: {fault.GetBaseException().Message}");
            }
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(1, LogLevel.Critical, "{Service} failed, which stops the application.")]
    private static partial void Failed(ILogger logger, Exception exception, string service);
}
