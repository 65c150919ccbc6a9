using StackExchange.Redis;

namespace MonoRepo.ServiceDefaults.Redis;

/// <summary>
/// Asks for keys that lie 1/16 of the slots apart, so that every shard of a usual size is asked at least once. A PING would not
/// do: a node answers it while its cluster is down.
/// </summary>
internal static class RedisProbe
{
    private const int Keys = 16;
    private const int Slots = 16384;
    private static readonly RedisKey[] ProbeKeys = FindKeys();

    public static async Task<RedisState> RunAsync(IDatabase database, TimeProvider clock)
    {
        var answers = new Task<bool>[Keys];
        for (var i = 0; i < Keys; i++)
        {
            answers[i] = AskAsync(database, ProbeKeys[i], clock);
        }

        return (await Task.WhenAll(answers)).Count(answered => answered) switch
        {
            Keys => RedisState.Ready,
            0 => RedisState.Away,
            _ => RedisState.Partial,
        };
    }

    private static async Task<bool> AskAsync(IDatabase database, RedisKey key, TimeProvider clock)
    {
        try
        {
            await database.KeyExistsAsync(key).WaitAsync(RedisConnection.CommandTimeout, clock);
            return true;
        }
        catch (Exception exception) when (RedisFaults.IsAway(exception))
        {
            return false;
        }
    }

    // Key names in even distances: the first probe:{n} of each sixteenth of the slots.
    private static RedisKey[] FindKeys()
    {
        var keys = new RedisKey[Keys];
        for (int n = 0, found = 0; found < Keys; n++)
        {
            var key = $"probe:{{{n}}}";
            var part = HashSlot.Of(key) / (Slots / Keys);
            if (keys[part] == default(RedisKey))
            {
                keys[part] = key;
                found++;
            }
        }

        return keys;
    }
}
