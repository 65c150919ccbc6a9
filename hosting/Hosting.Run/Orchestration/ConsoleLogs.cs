using System.Collections.Concurrent;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting.Run.Dcp;
using MonoRepo.Hosting.Run.Dcp.Wire;

namespace MonoRepo.Hosting.Run.Orchestration;

/// <summary>Copies what processes write from DCP, which keeps it in files, to the resources' logs.</summary>
internal sealed class ConsoleLogs(DcpHost dcp, ResourceLoggerService loggers)
{
    private static readonly TimeSpan _drainTimeout = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<string, (string? Uid, Task Done)> _copies = new();

    /// <summary>Copies until the process has ended; once for each process.</summary>
    public void Follow<T>(T item, IReadOnlyList<string> sources, CancellationToken cancellationToken)
        where T : IDcpObject
    {
        var (name, uid) = (item.Metadata.Name, item.Metadata.Uid);
        if (_copies.TryGetValue(name, out var copy) && copy.Uid == uid)
        {
            return;
        }

        var done = Task.WhenAll(sources.Select(source => CopyAsync<T>(name, source, cancellationToken)));
        _copies[name] = (uid, done);
    }

    /// <summary>Waits until all that an ended process wrote is in the log.</summary>
    public async Task DrainAsync(string name)
    {
        if (_copies.TryGetValue(name, out var copy))
        {
            await copy.Done.WaitAsync(_drainTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What DCP itself says about a process, for example why it could not be started.</summary>
    public async Task<string?> ReadSystemMessageAsync<T>(string name, CancellationToken cancellationToken)
        where T : IDcpObject
    {
        try
        {
            var client = await dcp.GetClientAsync(cancellationToken).ConfigureAwait(false);
            await foreach (var line in client.LogAsync<T>(name, "system", follow: false, cancellationToken).ConfigureAwait(false))
            {
                if (SystemLine.TryReadFailure(line) is { } failure)
                {
                    return failure;
                }
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or DcpException)
        {
            // The reason would have been a help; without it the state still says that the start failed.
        }

        return null;
    }

    private async Task CopyAsync<T>(string name, string source, CancellationToken cancellationToken)
        where T : IDcpObject
    {
        try
        {
            var client = await dcp.GetClientAsync(cancellationToken).ConfigureAwait(false);
            await foreach (var line in client.LogAsync<T>(name, source, follow: true, cancellationToken).ConfigureAwait(false))
            {
                loggers.Append(name, LogTimestamp.Lengthen(line), source.EndsWith("stderr", StringComparison.Ordinal));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException or DcpException)
        {
            // The process is gone, or DCP is: there is nothing left to copy.
        }
    }
}
