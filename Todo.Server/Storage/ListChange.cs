using System.Globalization;
using Google.Protobuf;
using MonoRepo.Todo.Server.Requests;
using MonoRepo.Todo.V1;
using StackExchange.Redis;

namespace MonoRepo.Todo.Server.Storage;

/// <summary>
/// One change of a list, as a transaction: what it writes, its entry in the log of changes and the list's next sequence number
/// become visible together or not at all.
/// </summary>
/// <remarks>
/// It takes effect only if no other change came between: the condition on the sequence number is a WATCH, which covers all that
/// was read of the list since <paramref name="sequence"/> was read.
/// </remarks>
/// <param name="list">The list.</param>
/// <param name="sequence">The number of the list's last change, as it was before anything else of the list was read.</param>
internal sealed class ListChange(ListName list, long sequence)
{
    /// <summary>How many changes the log keeps, a list.</summary>
    public const int LogLength = 1000;

    private readonly ListKeys _keys = new(list);
    private readonly List<Action<ITransactionAsync>> _writes = [];

    /// <summary>The number of this change.</summary>
    public long Sequence { get; } = sequence + 1;

    /// <summary>Stores an item with the etag of this change.</summary>
    public void Write(string id, Item item)
    {
        item.Etag = Sequence.ToString("x", CultureInfo.InvariantCulture);
        var bytes = item.ToByteArray();
        _writes.Add(transaction => transaction.StringSetAsync(_keys.Item(id), bytes));
    }

    /// <summary>Removes an item.</summary>
    public void Remove(string id) => _writes.Add(transaction => transaction.KeyDeleteAsync(_keys.Item(id)));

    /// <summary>Puts an item into the index of a state.</summary>
    public void AddTo(Item.Types.State state, string id, long created) =>
        _writes.Add(transaction => transaction.SortedSetAddAsync(_keys.Index(state), id, created));

    /// <summary>Takes an item out of the index of a state.</summary>
    public void RemoveFrom(Item.Types.State state, string id) =>
        _writes.Add(transaction => transaction.SortedSetRemoveAsync(_keys.Index(state), id));

    /// <summary>Remembers what a request made.</summary>
    public void Remember(string requestId, byte[] made, TimeSpan period) =>
        _writes.Add(transaction => transaction.StringSetAsync(_keys.Request(requestId), made, period));

    /// <summary>Adds the log entry.</summary>
    public void Log(WatchItemsResponse.Types.Kind kind, Item item)
    {
        var entry = new WatchItemsResponse { Kind = kind, Item = item, ResumeToken = Position.Encode(list.ToString(), Sequence) };
        var bytes = entry.ToByteArray();
        _writes.Add(transaction => transaction.SortedSetAddAsync(_keys.Changes, bytes, Sequence));
        _writes.Add(transaction => transaction.SortedSetRemoveRangeByRankAsync(_keys.Changes, 0, -LogLength - 1));
    }

    /// <summary>Commits; false when another change came first, and nothing was written.</summary>
    public async Task<bool> CommitAsync(IDatabaseAsync redis)
    {
        var transaction = redis.CreateTransaction();
        transaction.AddCondition(
            sequence == 0 ? Condition.KeyNotExists(_keys.Sequence) : Condition.StringEqual(_keys.Sequence, sequence));
        _writes.ForEach(write => write(transaction));
        _ = transaction.StringSetAsync(_keys.Sequence, Sequence);
        if (!await transaction.ExecuteAsync().ConfigureAwait(false))
        {
            return false;
        }

        // Only a wake-up: a watcher that misses it looks by itself a little later.
        _ = redis.PublishAsync(_keys.Changed, RedisValue.EmptyString, CommandFlags.FireAndForget);
        return true;
    }
}
