using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MonoRepo.Todo.Server.Requests;
using MonoRepo.Todo.V1;
using StackExchange.Redis;
using StackExchange.Redis.Availability;
using static MonoRepo.Todo.V1.Item.Types;
using static MonoRepo.Todo.V1.WatchItemsResponse.Types;

namespace MonoRepo.Todo.Server.Storage;

/// <summary>The items of all lists, in a Redis Cluster; <see cref="ListKeys"/> has the layout.</summary>
public sealed class ItemStore(IConnectionMultiplexer redis, ListGate gate, TimeProvider clock)
{
    /// <summary>How long a create request is remembered.</summary>
    public static readonly TimeSpan RequestMemory = TimeSpan.FromDays(1);

    private readonly IDatabaseAsync _redis = redis.GetDatabase().WithRetry();

    /// <summary>One item.</summary>
    /// <exception cref="RpcException">There is no such item.</exception>
    public async Task<Item> GetAsync(ItemName name) =>
        Read(await _redis.StringGetAsync(new ListKeys(name.Parent).Item(name.Item)))
        ?? throw new RpcException(new(StatusCode.NotFound, $"{name} does not exist."));

    /// <summary>The items after a place in the order of creation; reads only what it returns.</summary>
    /// <param name="list">The list.</param>
    /// <param name="state">Only items in this state; all for <see cref="State.Unspecified"/>.</param>
    /// <param name="after">The sequence number of the creation of the last item that the caller has; 0 for the first
    /// page.</param>
    /// <param name="size">The most items to return.</param>
    public async Task<ItemPage> ListAsync(ListName list, State state, long after, int size)
    {
        var keys = new ListKeys(list);

        // The number first: a change while the page is being read is then seen twice rather than never.
        var sequence = (long)await _redis.StringGetAsync(keys.Sequence);
        var found = await _redis.SortedSetRangeByScoreWithScoresAsync(
            keys.Index(state), after, double.PositiveInfinity, Exclude.Start, Order.Ascending, 0, size + 1);

        var ids = found.Take(size).Select(entry => keys.Item(entry.Element!)).ToArray();
        var items = ids.Length == 0 ? [] : await _redis.StringGetAsync(ids);
        return new([.. items.Select(Read).OfType<Item>()], found.Length > size ? (long)found[size - 1].Score : null, sequence);
    }

    /// <summary>Adds an item at the end of its list.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="draft">Title, notes and due time; the rest is set here.</param>
    /// <param name="request">What makes the call idempotent; null where nothing does.</param>
    /// <param name="cancellationToken">Gives up; a change that was sent is still carried out.</param>
    /// <exception cref="RpcException">The id is taken, or the request id was used for another item.</exception>
    public Task<Item> CreateAsync(ItemName name, Item draft, CreateRequestId? request, CancellationToken cancellationToken) =>
        ChangeAsync(name.Parent, cancellationToken, async (keys, sequence) =>
        {
            if (request is not null && await _redis.StringGetAsync(keys.Request(request.Id)) is { IsNull: false } made)
            {
                return (await GetAsync(new(name.Parent, request.Match(made!))), null);
            }

            if (await _redis.StringGetAsync(keys.Item(name.Item)) is { IsNull: false })
            {
                throw new RpcException(new(StatusCode.AlreadyExists, $"{name} exists already."));
            }

            var now = clock.GetUtcNow().ToTimestamp();
            var item = new Item
            {
                Name = name.ToString(),
                Title = draft.Title,
                Notes = draft.Notes,
                State = State.Open,
                DueTime = draft.DueTime,
                CreateTime = now,
                UpdateTime = now,
            };
            var change = new ListChange(name.Parent, sequence);
            change.Write(name.Item, item);
            change.AddTo(State.Unspecified, name.Item, change.Sequence);
            change.AddTo(State.Open, name.Item, change.Sequence);
            change.Log(Kind.Created, item);
            if (request is not null)
            {
                change.Remember(request.Id, request.Remember(name.Item), RequestMemory);
            }

            return (item, change);
        });

    /// <summary>Changes an item.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="etag">The etag that it must have; empty for any.</param>
    /// <param name="apply">Changes the item that it is given; may be called more than once, each time with the item as it is
    /// now.</param>
    /// <param name="cancellationToken">Gives up; a change that was sent is still carried out.</param>
    /// <returns>The item as it is now.</returns>
    /// <exception cref="RpcException">There is no such item, or it has another etag.</exception>
    public Task<Item> UpdateAsync(ItemName name, string etag, Action<Item> apply, CancellationToken cancellationToken) =>
        ChangeAsync(name.Parent, cancellationToken, async (keys, sequence) =>
        {
            var before = await PresentAsync(name, etag);
            var item = new Item(before);
            apply(item);
            if (item.Equals(before))
            {
                return (before, null);
            }

            var now = clock.GetUtcNow().ToTimestamp();
            item.UpdateTime = now;
            item.CompleteTime = item.State == State.Completed ? before.CompleteTime ?? now : null;
            var change = new ListChange(name.Parent, sequence);
            change.Write(name.Item, item);
            if (item.State != before.State)
            {
                change.RemoveFrom(before.State, name.Item);
                change.AddTo(item.State, name.Item, (long)(await _redis.SortedSetScoreAsync(keys.All, name.Item) ?? 0));
            }

            change.Log(item.State == State.Completed && before.State != State.Completed ? Kind.Completed : Kind.Updated, item);
            return (item, change);
        });

    /// <summary>Removes an item.</summary>
    /// <exception cref="RpcException">There is no such item, or it has another etag.</exception>
    public Task DeleteAsync(ItemName name, string etag, CancellationToken cancellationToken) =>
        ChangeAsync(name.Parent, cancellationToken, async (_, sequence) =>
        {
            var item = await PresentAsync(name, etag);
            var change = new ListChange(name.Parent, sequence);
            change.Remove(name.Item);
            change.RemoveFrom(State.Unspecified, name.Item);
            change.RemoveFrom(item.State, name.Item);
            change.Log(Kind.Deleted, item);
            return (item, change);
        });

    /// <summary>
    /// Prepares a change and commits it, again from the start for as long as another replica's change comes first.
    /// </summary>
    private async Task<Item> ChangeAsync(
        ListName list, CancellationToken cancellationToken, Func<ListKeys, long, Task<(Item Item, ListChange? Change)>> prepare)
    {
        var keys = new ListKeys(list);
        using var turn = await gate.EnterAsync(list, cancellationToken);
        while (true)
        {
            var sequence = (long)await _redis.StringGetAsync(keys.Sequence);
            var (item, change) = await prepare(keys, sequence);
            if (change is null || await change.CommitAsync(_redis))
            {
                return item;
            }

            // The other replica's writers wait in its own gate: a short random pause lets one of the two pass.
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.NextDouble() * 4), clock, cancellationToken);
        }
    }

    private async Task<Item> PresentAsync(ItemName name, string etag)
    {
        var item = await GetAsync(name);
        return etag.Length == 0 || etag == item.Etag
            ? item
            : throw new RpcException(new(
                StatusCode.Aborted, $"{name} has changed: its etag is {item.Etag}, not {etag}. Read it again."));
    }

    private static Item? Read(RedisValue value) => value.IsNull ? null : Item.Parser.ParseFrom((byte[])value!);
}
