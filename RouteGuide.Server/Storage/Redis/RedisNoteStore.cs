using MonoRepo.ServiceDefaults.Redis;
using StackExchange.Redis;

namespace MonoRepo.RouteGuide.Server.Storage.Redis;

/// <summary>Notes in Redis, so that all replicas of the server share them: one list a location.</summary>
internal sealed class RedisNoteStore(RedisConnection redis) : INoteStore
{
    public async ValueTask<IReadOnlyList<string>> AddAsync(Location location, string message, CancellationToken cancellationToken)
    {
        var earlier = await redis.CallAsync(
            "MULTI", (Key: (RedisKey)FeatureKeys.Notes(location), Message: (RedisValue)message),
            static (database, note) => AppendAsync(database, note.Key, note.Message), cancellationToken);
        return Array.ConvertAll(earlier, value => (string)value!);
    }

    // One key and so one slot: a transaction works in a cluster, without scripts.
    private static async Task<RedisValue[]> AppendAsync(IDatabase database, RedisKey key, RedisValue message)
    {
        var transaction = database.CreateTransaction();
        var earlier = transaction.ListRangeAsync(key);
        _ = transaction.ListRightPushAsync(key, message);
        _ = transaction.ListTrimAsync(key, -Limits.NotesPerLocation, -1);
        _ = transaction.KeyExpireAsync(key, Limits.NoteLifetime);
        await transaction.ExecuteAsync();
        return await earlier;
    }
}
