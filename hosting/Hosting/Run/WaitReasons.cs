using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace MonoRepo.Hosting;

/// <summary>Writes what each resource still waits for to the console.</summary>
internal sealed partial class WaitReasons(
    ResourceNotificationService notifications, TimeProvider clock, ILogger<WaitReasons> logger) : IRunTask
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);
    private readonly ResourceStates _states = new();
    private readonly Dictionary<IResource, CancellationTokenSource> _waiting = [];

    public async Task ExecuteAsync(CancellationToken stopping)
    {
        await foreach (var change in notifications.WatchAsync(stopping))
        {
            lock (_states)
            {
                _states.Add(change);
                var waits = _states.Of(change.Resource).Any(e => e.Snapshot.State?.Text == KnownResourceStates.Waiting);
                if (waits && !_waiting.ContainsKey(change.Resource))
                {
                    _waiting[change.Resource] = CancellationTokenSource.CreateLinkedTokenSource(stopping);
                    _ = RemindAsync(change.Resource, _waiting[change.Resource].Token);
                }
                else if (!waits && _waiting.Remove(change.Resource, out var ended))
                {
                    ended.Cancel();
                    ended.Dispose();
                }
            }
        }
    }

    private async Task RemindAsync(IResource resource, CancellationToken cancellationToken)
    {
        for (var patience = s_timeout; ; patience *= 3)
        {
            await Task.Delay(patience, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            lock (_states)
            {
                // Nothing is left to wait for: it starts.
                if (_states.DescribeWait(resource) is { Length: > 0 } reasons)
                {
                    StillWaiting(resource.Name, reasons);
                }
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Resource} still waits for {Reasons}.")]
    private partial void StillWaiting(string resource, string reasons);
}
