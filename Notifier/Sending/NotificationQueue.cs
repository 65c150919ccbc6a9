using System.Text.Json;
using StackExchange.Redis;
using StackExchange.Redis.Availability;

namespace MonoRepo.Notifier.Sending;

/// <summary>
/// What is to be sent, kept in Redis until the receiver has it. The keys of a receiver share a slot, so that a change of several
/// is one.
/// </summary>
/// <remarks>
/// <code>
/// notifier:{receiver}:queue      stream  notifications that are not sent yet; its group "senders" knows which were read
/// notifier:{receiver}:dead       stream  the last 1000 that were given up, with the reason
/// notifier:{receiver}:seen:ID    string  news that was taken within the window
/// notifier:{receiver}:sender     string  the replica that sends, while its lease lasts
/// </code>
/// </remarks>
internal sealed class NotificationQueue(IConnectionMultiplexer redis)
{
    private const string Group = "senders";
    private const string Field = "notification";
    private const int BatchLength = 100;
    private const int MaxDead = 1000;

    // A replica answers within milliseconds; while it doesn't, other commands to this master wait, too.
    private const int ReplicationTimeoutMs = 1000;

    private readonly IDatabaseAsync _redis = redis.GetDatabase().WithRetry();

    // A replica that was started again is another one: what it held before is claimed.
    private readonly string _consumer = $"{Environment.MachineName}-{Guid.NewGuid():N}";

    /// <summary>
    /// Adds it, unless the same was taken within the window; both at once, as neither is right without the other. Returns once a
    /// replica has it, where the master has one. What the receiver was told already is only remembered.
    /// </summary>
    /// <exception cref="TimeoutException">Redis can't keep it now.</exception>
    public async Task AddAsync(string receiver, Notification notification, TimeSpan window, bool isTold = false)
    {
        var seen = Key(receiver, $"seen:{notification.Id}");
        var transaction = _redis.CreateTransaction();
        transaction.AddCondition(Condition.KeyNotExists(seen));
        _ = transaction.StringSetAsync(seen, RedisValue.EmptyString, window);
        if (!isTold)
        {
            _ = transaction.StreamAddAsync(Key(receiver, "queue"), Field, JsonSerializer.Serialize(notification));
        }

        // False is also the answer when the condition could not be checked, as during a failover. What was taken before is
        // written again, so that the wait below is for all that this connection's master had by then.
        if (!await transaction.ExecuteAsync()
            && !await _redis.StringSetAsync(seen, RedisValue.EmptyString, null, keepTtl: true, When.Exists))
        {
            throw new TimeoutException("Redis didn't take the transaction.");
        }

        await ReplicateAsync(seen);
    }

    /// <summary>Whether Redis, or a member of it, is away, or isn't yet or any more what its clients take it for.</summary>
    public static bool IsAway(Exception exception) => exception is RedisException or RedisCommandException or TimeoutException;

    /// <summary>Makes this replica the one that sends, or stays it; false where another one is.</summary>
    public async Task<bool> LeaseAsync(string receiver, TimeSpan lease)
    {
        var key = Key(receiver, "sender");
        return await _redis.LockExtendAsync(key, _consumer, lease) || await _redis.LockTakeAsync(key, _consumer, lease);
    }

    /// <summary>Lets another replica send at once.</summary>
    public Task ReleaseAsync(string receiver) => _redis.LockReleaseAsync(Key(receiver, "sender"), _consumer);

    /// <summary>Takes over what earlier senders have read and not acknowledged: only the holder of the lease sends.</summary>
    public async Task<IReadOnlyList<QueuedNotification>> ClaimAsync(string receiver)
    {
        var queue = Key(receiver, "queue");
        try
        {
            await _redis.StreamCreateConsumerGroupAsync(queue, Group, StreamPosition.Beginning);
        }
        catch (RedisServerException exception) when (exception.Message.StartsWith("BUSYGROUP", StringComparison.Ordinal))
        {
            // It was made before.
        }

        var claimed = new List<QueuedNotification>();
        for (RedisValue next = "0-0"; ;)
        {
            var result = await _redis.StreamAutoClaimAsync(queue, Group, _consumer, 0, next, BatchLength);
            claimed.AddRange(Read(result.ClaimedEntries));
            next = result.NextStartId;
            if (next.IsNull || next == "0-0")
            {
                break;
            }
        }

        // Consumers that have nothing left are replicas that are gone.
        foreach (var consumer in await _redis.StreamConsumerInfoAsync(queue, Group))
        {
            if (consumer.PendingMessageCount == 0 && consumer.Name != _consumer)
            {
                await _redis.StreamDeleteConsumerAsync(queue, Group, consumer.Name);
            }
        }

        return claimed;
    }

    /// <summary>What nobody has read yet.</summary>
    public async Task<IReadOnlyList<QueuedNotification>> ReadAsync(string receiver)
    {
        var queue = Key(receiver, "queue");
        return Read(await _redis.StreamReadGroupAsync(queue, Group, _consumer, StreamPosition.NewMessages, BatchLength));
    }

    /// <summary>Acknowledges and deletes what was sent.</summary>
    public Task CompleteAsync(string receiver, IEnumerable<QueuedNotification> sent)
    {
        var transaction = _redis.CreateTransaction();
        Remove(transaction, receiver, sent);
        return transaction.ExecuteAsync();
    }

    /// <summary>Sets aside what nobody will try to send again.</summary>
    public Task GiveUpAsync(string receiver, IReadOnlyList<QueuedNotification> lost, string reason)
    {
        var transaction = _redis.CreateTransaction();
        foreach (var one in lost)
        {
            _ = transaction.StreamAddAsync(
                Key(receiver, "dead"), [new(Field, JsonSerializer.Serialize(one.Notification)), new("reason", reason)],
                maxLength: MaxDead, useApproximateMaxLength: true);
        }

        Remove(transaction, receiver, lost);
        return transaction.ExecuteAsync();
    }

    // WAIT is about the writes of its connection, and each server has one. Where no replica is connected there is none to wait
    // for: news matters most when something is down.
    private async Task ReplicateAsync(RedisKey key)
    {
        var server = redis.GetServer(key);
        if (await server.RoleAsync() is not Role.Master { Replicas.Count: 0 }
            && (long)await server.ExecuteAsync("WAIT", 1, ReplicationTimeoutMs) < 1)
        {
            throw new TimeoutException("No replica of Redis has taken it yet.");
        }
    }

    private static void Remove(ITransactionAsync transaction, string receiver, IEnumerable<QueuedNotification> entries)
    {
        var ids = entries.Select(one => (RedisValue)one.Entry).ToArray();
        _ = transaction.StreamAcknowledgeAsync(Key(receiver, "queue"), Group, ids);
        _ = transaction.StreamDeleteAsync(Key(receiver, "queue"), ids);
    }

    private static IReadOnlyList<QueuedNotification> Read(StreamEntry[] entries) =>
        [
            .. entries.Where(entry => !entry.IsNull && !entry[Field].IsNull)
            .Select(entry => new QueuedNotification(entry.Id!, JsonSerializer.Deserialize<Notification>((string)entry[Field]!)!)),
        ];

    private static RedisKey Key(string receiver, string kind) => $"notifier:{{{receiver}}}:{kind}";
}
