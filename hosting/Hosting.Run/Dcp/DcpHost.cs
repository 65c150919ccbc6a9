using Microsoft.Extensions.Logging;

namespace MonoRepo.Hosting.Run.Dcp;

/// <summary>The one DCP of this application: started once, early, used by everybody.</summary>
internal sealed partial class DcpHost(DcpOptions options, TimeProvider clock, ILogger<DcpHost> logger) : IDisposable
{
    private readonly Lock _gate = new();
    private Task<DcpSession>? _session;

    /// <summary>Starts DCP if nobody has yet; does not wait.</summary>
    public void Begin() => _ = SessionAsync();

    /// <summary>DCP's API, once it is up.</summary>
    public async Task<DcpClient> GetClientAsync(CancellationToken cancellationToken) =>
        (await SessionAsync().WaitAsync(cancellationToken).ConfigureAwait(false)).Client;

    /// <summary>Stops every resource and DCP. Returns when all are gone, or when <paramref name="cancellationToken"/> ends the wait.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Task<DcpSession>? session;
        lock (_gate)
        {
            session = _session;
        }

        if (session is { IsFaulted: false })
        {
            await (await session.WaitAsync(cancellationToken).ConfigureAwait(false)).StopAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        if (_session is { IsCompletedSuccessfully: true } session)
        {
            session.Result.Dispose();
        }
    }

    /// <summary>The session; the first who asks starts it.</summary>
    public Task<DcpSession> SessionAsync()
    {
        lock (_gate)
        {
            return _session ??= Task.Run(StartAsync);
        }
    }

    private async Task<DcpSession> StartAsync()
    {
        var started = clock.GetTimestamp();
        var session = await DcpSession.StartAsync(options, Environment.ProcessId, clock, CancellationToken.None).ConfigureAwait(false);
        Log.Ready(logger, clock.GetElapsedTime(started).TotalMilliseconds);
        return session;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "DCP is ready after {Milliseconds:0} ms.")]
        public static partial void Ready(ILogger logger, double milliseconds);
    }
}
