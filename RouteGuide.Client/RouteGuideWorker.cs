using Grpc.Core;

namespace MonoRepo.RouteGuide.Client;

/// <summary>Walks again and again; a server or a Redis that is away costs a warning, not the process.</summary>
internal sealed partial class RouteGuideWorker(RouteWalk walk, TimeProvider clock, ILogger<RouteGuideWorker> logger)
    : BackgroundService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await walk.RunAsync(stoppingToken);
            }
            catch (RpcException exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(exception.StatusCode, exception.Status.Detail, s_pause);
            }
            catch (Exception exception) when (exception is RpcException or OperationCanceledException)
            {
                return;
            }

            await Task.Delay(s_pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The walk stopped with {Status} {Detail}; the next one starts in {Pause}.")]
    private partial void LogFailed(StatusCode status, string detail, TimeSpan pause);
}
