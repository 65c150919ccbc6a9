using MonoRepo.RouteGuide.Server.Data;
using MonoRepo.ServiceDefaults.Redis;
using StackExchange.Redis;

namespace MonoRepo.RouteGuide.Server.Storage.Redis;

/// <summary>
/// Keeps Redis at the version of our data or a later one: seeds what is missing, older or incomplete, one replica at a time,
/// and tells the readers which version is served. So an emptied Redis, or one shard of it, fills again without a restart.
/// </summary>
internal sealed partial class FeatureSeeder(
    IConnectionMultiplexer redis, FeatureWriter writer, FeatureData data, DataVersion version, TimeProvider clock,
    ILogger<FeatureSeeder> logger)
    : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_firstInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_checkInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_lockTime = TimeSpan.FromSeconds(30);

    private readonly string _lockToken = Guid.NewGuid().ToString("N");
    private readonly IDatabase _database = redis.GetDatabase();
    private volatile bool _reconnected = true;
    private long _lastCheck;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A shard that comes back may have come back empty.
        redis.ConnectionRestored += (_, _) => _reconnected = true;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // Commands have no cancellation: a stop doesn't wait for a Redis that is stopping, too.
                await KeepAsync(stoppingToken).WaitAsync(stoppingToken);
            }
            catch (Exception exception) when (exception.IsRedisUnavailable())
            {
                LogUnavailable(exception.Message);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogFailed(exception);
            }

            await Task.Delay(version.Current == 0 ? s_firstInterval : s_interval, clock, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One round.</summary>
    internal async Task KeepAsync(CancellationToken cancellationToken)
    {
        var stored = await ReadVersionAsync();
        if (stored < data.Version || (stored == data.Version && IsCheckDue() && !await IsCompleteAsync(cancellationToken)))
        {
            stored = await SeedAsync(cancellationToken);
        }

        version.Current = stored;
    }

    private bool IsCheckDue()
    {
        if (!_reconnected && clock.GetElapsedTime(_lastCheck) < s_checkInterval)
        {
            return false;
        }

        _reconnected = false;
        _lastCheck = clock.GetTimestamp();
        return true;
    }

    private Task<bool> IsCompleteAsync(CancellationToken cancellationToken) =>
        writer.IsCompleteAsync(data.Version, data.Features, cancellationToken);

    private async Task<long> SeedAsync(CancellationToken cancellationToken)
    {
        if (!await _database.LockTakeAsync(FeatureKeys.Seeding, _lockToken, s_lockTime))
        {
            return version.Current;
        }

        try
        {
            // Asked again: another replica may have finished between our look and our lock.
            var stored = await ReadVersionAsync();
            if (stored > data.Version || (stored == data.Version && await IsCompleteAsync(cancellationToken)))
            {
                return stored;
            }

            await writer.WriteAsync(data.Version, data.Features, cancellationToken);
            await _database.StringSetAsync(FeatureKeys.Version, data.Version);
            LogSeeded(data.Features.Count, data.Version, stored);
            if (stored is > 0 && stored < data.Version)
            {
                await writer.ExpireAsync(stored, cancellationToken);
            }

            return data.Version;
        }
        finally
        {
            await _database.LockReleaseAsync(FeatureKeys.Seeding, _lockToken);
        }
    }

    private async Task<long> ReadVersionAsync() => (long)await _database.StringGetAsync(FeatureKeys.Version);

    [LoggerMessage(1, LogLevel.Information, "Seeded {Count} features of version {Version} (found was {Stored}).")]
    private partial void LogSeeded(int count, long version, long stored);

    [LoggerMessage(2, LogLevel.Error, "Seeding failed; it is tried again.")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(3, LogLevel.Debug, "Redis is unavailable: {Reason}")]
    private partial void LogUnavailable(string reason);
}
