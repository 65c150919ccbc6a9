using StackExchange.Redis;
using StackExchange.Redis.Availability;

namespace MonoRepo.RouteGuide.Server.Storage.Redis;

/// <summary>Notes in Redis, so that all replicas of the server share them: one list a location.</summary>
internal sealed class RedisNoteStore(IConnectionMultiplexer redis) : INoteStore
{
    private readonly IDatabaseAsync _redis = redis.GetDatabase().WithRetry();

    public async ValueTask<IReadOnlyList<string>> AddAsync(Location location, string message, CancellationToken cancellationToken)
    {
        // One key and so one slot: a transaction works in a cluster, without scripts.
        var key = (RedisKey)FeatureKeys.Notes(location);
        var transaction = _redis.CreateTransaction();
        var earlier = transaction.ListRangeAsync(key);
        _ = transaction.ListRightPushAsync(key, message);
        _ = transaction.ListTrimAsync(key, -Limits.NotesPerLocation, -1);
        _ = transaction.KeyExpireAsync(key, Limits.NoteLifetime);
        await transaction.ExecuteAsync();
        return Array.ConvertAll(await earlier, value => (string)value!);
    }
}
