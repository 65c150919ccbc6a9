using MonoRepo.Todo.Server.Requests;
using StackExchange.Redis;

namespace MonoRepo.Todo.Server.Storage;

/// <summary>
/// Where one list is kept. The hash tag <c>{owner/list}</c> puts all keys of a list into one slot, so that a change of several
/// is one transaction on one shard; lists spread over the cluster.
/// </summary>
/// <remarks>
/// <code>
/// todo:{owner/list}:sequence        string  the number of the list's last change; every change raises it by one
/// todo:{owner/list}:item:ID         string  the item, as a serialized todo.v1.Item
/// todo:{owner/list}:all             zset    ids, scored by the sequence number of their creation
/// todo:{owner/list}:open            zset    the open ones of them, same scores
/// todo:{owner/list}:completed       zset    the completed ones of them, same scores
/// todo:{owner/list}:changes         zset    the last changes as serialized todo.v1.WatchItemsResponse, scored by their number
/// todo:{owner/list}:policy          string  with whom the list is shared, as a serialized todo.v1.ListPolicy
/// todo:{owner/list}:request:UUID    string  digest of a create request and the id that it made; kept for a day
/// </code>
/// </remarks>
public sealed class ListKeys(ListName list)
{
    private readonly string _prefix = $"todo:{{{list.Owner}/{list.List}}}:";

    /// <summary>The number of the list's last change.</summary>
    public RedisKey Sequence => _prefix + "sequence";

    /// <summary>The log of changes.</summary>
    public RedisKey Changes => _prefix + "changes";

    /// <summary>The index of all items.</summary>
    public RedisKey All => Index(V1.Item.Types.State.Unspecified);

    /// <summary>The channel that wakes watchers; it carries nothing that the log does not have.</summary>
    public RedisChannel Changed => RedisChannel.Literal(_prefix + "changed");

    /// <summary>One item.</summary>
    public RedisKey Item(string id) => _prefix + "item:" + id;

    /// <summary>With whom the list is shared.</summary>
    public RedisKey Policy => _prefix + "policy";

    /// <summary>What a create request made.</summary>
    public RedisKey Request(string requestId) => _prefix + "request:" + requestId;

    /// <summary>
    /// The index of the items in one state; of all for <see cref="MonoRepo.Todo.V1.Item.Types.State.Unspecified"/>.
    /// </summary>
    public RedisKey Index(V1.Item.Types.State state) => _prefix + state switch
    {
        V1.Item.Types.State.Open => "open",
        V1.Item.Types.State.Completed => "completed",
        _ => "all",
    };
}
