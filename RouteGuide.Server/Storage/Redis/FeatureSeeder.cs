using MonoRepo.RouteGuide.Server.Data;
using MonoRepo.ServiceDefaults.Grpc;
using MonoRepo.ServiceDefaults.Redis;
using StackExchange.Redis;

namespace MonoRepo.RouteGuide.Server.Storage.Redis;

/// <summary>
/// Keeps Redis at the version of our data or a later one: seeds what is missing, older or incomplete, one replica at a time,
/// and tells the readers which version is served. So an emptied Redis, or one shard of it, fills again without a restart.
/// </summary>
internal sealed partial class FeatureSeeder(
    RedisConnection redis, FeatureWriter writer, FeatureData data, DataVersion version, TimeProvider clock, ILogger<FeatureSeeder> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LockTime = TimeSpan.FromSeconds(30);

    private readonly string _lockToken = Guid.NewGuid().ToString("N");
    private RedisState _lastState = RedisState.Away;
    private long _lastCheck;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await KeepAsync(stoppingToken);
            }
            catch (DependencyUnavailableException)
            {
                // The connection logs it; the next round tries again.
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogFailed(exception);
            }

            await Task.Delay(version.Current == 0 ? FirstInterval : Interval, clock, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One round.</summary>
    internal async Task KeepAsync(CancellationToken cancellationToken)
    {
        var stored = await ReadVersionAsync(cancellationToken);
        if (stored < data.Version || (stored == data.Version && IsCheckDue() && !await IsCompleteAsync(cancellationToken)))
        {
            stored = await SeedAsync(cancellationToken);
        }

        version.Current = stored;
    }

    // A shard that comes back may have come back empty: so also after each return of the connection.
    private bool IsCheckDue()
    {
        var returned = redis.State == RedisState.Ready && _lastState != RedisState.Ready;
        _lastState = redis.State;
        if (!returned && clock.GetElapsedTime(_lastCheck) < CheckInterval)
        {
            return false;
        }

        _lastCheck = clock.GetTimestamp();
        return true;
    }

    private Task<bool> IsCompleteAsync(CancellationToken cancellationToken) =>
        writer.IsCompleteAsync(data.Version, data.Features, cancellationToken);

    private async Task<long> SeedAsync(CancellationToken cancellationToken)
    {
        var taken = await redis.CallAsync("SET", (Token: (RedisValue)_lockToken, LockTime),
            static (database, with) => database.LockTakeAsync(FeatureKeys.Seeding, with.Token, with.LockTime), cancellationToken);
        if (!taken)
        {
            return version.Current;
        }

        try
        {
            // Asked again: another replica may have finished between our look and our lock.
            var stored = await ReadVersionAsync(cancellationToken);
            if (stored > data.Version || (stored == data.Version && await IsCompleteAsync(cancellationToken)))
            {
                return stored;
            }

            await writer.WriteAsync(data.Version, data.Features, cancellationToken);
            await redis.CallAsync("SET", (RedisValue)data.Version,
                static (database, number) => database.StringSetAsync(FeatureKeys.Version, number), cancellationToken);
            LogSeeded(data.Features.Count, data.Version, stored);
            if (stored is > 0 && stored < data.Version)
            {
                await writer.ExpireAsync(stored, cancellationToken);
            }

            return data.Version;
        }
        finally
        {
            await redis.CallAsync("DEL", (RedisValue)_lockToken,
                static (database, token) => database.LockReleaseAsync(FeatureKeys.Seeding, token), CancellationToken.None);
        }
    }

    private async Task<long> ReadVersionAsync(CancellationToken cancellationToken) => (long)await redis.CallAsync(
        "GET", 0, static (database, _) => database.StringGetAsync(FeatureKeys.Version), cancellationToken);

    [LoggerMessage(1, LogLevel.Information, "Seeded {Count} features of version {Version} (found was {Stored}).")]
    private partial void LogSeeded(int count, long version, long stored);

    [LoggerMessage(2, LogLevel.Error, "Seeding failed; it is tried again.")]
    private partial void LogFailed(Exception exception);
}
