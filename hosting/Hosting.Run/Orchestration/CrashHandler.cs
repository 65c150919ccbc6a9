using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MonoRepo.Hosting.Run.Dcp.Lowering;
using MonoRepo.Hosting.Run.Dcp.Wire;

namespace MonoRepo.Hosting.Run.Orchestration;

/// <summary>Tells about processes that ended by themselves, and starts them again where their restart policy says so.</summary>
internal sealed partial class CrashHandler(
    IServiceProvider services, ConsoleLogs logs, ResourceLoggerService loggers, TimeProvider clock, ILogger<CrashHandler> logger)
{
    private readonly RestartCounters _restarts = new(clock);

    public async Task OnEndedAsync<T>(IResource resource, ResourceInstance instance, CustomResourceSnapshot snapshot, CancellationToken cancellationToken)
        where T : IDcpObject
    {
        // Asked for late: the controller's own start-up leads back here.
        var controller = services.GetRequiredService<InstanceController>();
        if (cancellationToken.IsCancellationRequested || controller.IsStopRequested(instance.Name))
        {
            return;
        }

        if (snapshot.State?.Text == KnownResourceStates.FailedToStart)
        {
            var reason = await logs.ReadSystemMessageAsync<T>(instance.Name, cancellationToken).ConfigureAwait(false) ?? "DCP gave no reason";
            Log.Reason(loggers.GetLogger(instance.Name), reason);
            Log.StartFailed(logger, instance.Name, reason);
        }
        else if (snapshot.ExitCode is not 0)
        {
            var lines = await LogTail.ReadAsync(loggers, instance.Name).ConfigureAwait(false);
            Log.Crashed(logger, instance.Name, snapshot.ExitCode, lines);
        }

        if (resource.Annotations.OfType<RestartPolicyAnnotation>().LastOrDefault() is { } policy && snapshot.ExitCode is not 0)
        {
            _ = RestartAsync(controller, resource, instance, policy, cancellationToken);
        }
    }

    private async Task RestartAsync(
        InstanceController controller, IResource resource, ResourceInstance instance, RestartPolicyAnnotation policy, CancellationToken cancellationToken)
    {
        try
        {
            if (_restarts.Next(instance.Name, policy) is not { } restart)
            {
                Log.GaveUp(logger, instance.Name, policy.MaxRestarts);
                return;
            }

            Log.Restarting(logger, instance.Name, restart.Delay.TotalSeconds, restart.Number);
            await Task.Delay(restart.Delay, clock, cancellationToken).ConfigureAwait(false);
            if (!controller.IsStopRequested(instance.Name))
            {
                await controller.StartAsync(resource, instance, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception e)
        {
            Log.RestartFailed(logger, instance.Name, e.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Reason}")]
        public static partial void Reason(ILogger logger, string reason);

        [LoggerMessage(2, LogLevel.Error, "{Instance} could not be started: {Reason}")]
        public static partial void StartFailed(ILogger logger, string instance, string reason);

        [LoggerMessage(3, LogLevel.Error, "{Instance} ended with exit code {ExitCode}. Its last lines:{Lines}")]
        public static partial void Crashed(ILogger logger, string instance, int? exitCode, string lines);

        [LoggerMessage(4, LogLevel.Warning, "{Instance} is started again in {Seconds} s (restart {Number}).")]
        public static partial void Restarting(ILogger logger, string instance, double seconds, int number);

        [LoggerMessage(5, LogLevel.Error, "{Instance} was started again {Count} times and is left alone now. Start it in the dashboard when it is mended.")]
        public static partial void GaveUp(ILogger logger, string instance, int count);

        [LoggerMessage(6, LogLevel.Error, "{Instance} could not be started again: {Reason}")]
        public static partial void RestartFailed(ILogger logger, string instance, string reason);
    }
}
