using Grpc.Core;
using MonoRepo.Todo.V1;
using Kind = MonoRepo.Todo.V1.WatchItemsResponse.Types.Kind;

namespace MonoRepo.Tests;

public sealed class GarnetWatchTests(GarnetTodo todo) : WatchTests(todo);

public sealed class RedisServerWatchTests(RedisServerTodo todo) : WatchTests(todo);

/// <summary>The stream of changes: changes are made on one replica and watched on the other.</summary>
public abstract class WatchTests(TodoFixture todo)
{
    private readonly string _list = TodoFixture.NewList();
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryKindOfChangeIsSeenInOrder()
    {
        using var watch = todo.Other.WatchItems(new() { Parent = _list }, cancellationToken: Token);
        Assert.Equal(Kind.Bookmark, (await NextAsync(watch)).Kind);

        var item = (await CreateAsync("milk")).Item;
        var updated = (await todo.Client.UpdateItemAsync(new()
        {
            Item = new() { Name = item.Name, Title = "bread" },
            UpdateMask = new() { Paths = { "title" } },
        }, cancellationToken: Token)).Item;
        var completed = (await todo.Client.CompleteItemAsync(new() { Name = item.Name }, cancellationToken: Token)).Item;
        await todo.Client.DeleteItemAsync(new() { Name = item.Name }, cancellationToken: Token);

        var changes = new[] { await NextAsync(watch), await NextAsync(watch), await NextAsync(watch), await NextAsync(watch) };
        Assert.Equal([Kind.Created, Kind.Updated, Kind.Completed, Kind.Deleted], changes.Select(change => change.Kind));
        Assert.Equal([item, updated, completed, completed], changes.Select(change => change.Item));
    }

    [Fact]
    public async Task AListingAndAWatchFromItMissNothing()
    {
        await CreateAsync("before");
        var listing = await todo.Client.ListItemsAsync(new() { Parent = _list }, cancellationToken: Token);
        await CreateAsync("after");

        using var watch = todo.Other.WatchItems(
            new() { Parent = _list, ResumeToken = listing.ResumeToken }, cancellationToken: Token);
        Assert.Equal(Kind.Bookmark, (await NextAsync(watch)).Kind);
        Assert.Equal("after", (await NextAsync(watch)).Item.Title);
    }

    [Fact]
    public async Task AWatchResumedAfterItsReplicaWasKilledMissesNothing()
    {
        const int count = 60;
        var (server, client) = await todo.StartReplicaAsync();
        var seen = new List<string>();
        var token = "";
        using (var watch = client.WatchItems(new() { Parent = _list }, cancellationToken: Token))
        {
            token = (await NextAsync(watch)).ResumeToken;
            var writing = WriteAsync(0, count / 2);
            while (seen.Count < 10)
            {
                var change = await NextAsync(watch);
                token = change.ResumeToken;
                seen.Add(change.Item.Title);
            }

            await server.Process.SignalAsync("KILL");
            await writing;
        }

        var more = WriteAsync(count / 2, count);
        using var resumed = todo.Other.WatchItems(new() { Parent = _list, ResumeToken = token }, cancellationToken: Token);
        while (seen.Count < count)
        {
            var change = await NextAsync(resumed);
            if (change.Kind != Kind.Bookmark)
            {
                seen.Add(change.Item.Title);
            }
        }

        await more;
        Assert.Equal(Enumerable.Range(0, count).Select(i => $"item {i}"), seen);

        async Task WriteAsync(int from, int to)
        {
            for (var i = from; i < to; i++)
            {
                await CreateAsync($"item {i}");
            }
        }
    }

    [Fact]
    public async Task ATokenThatTheLogNoLongerReachesIsOutOfRange()
    {
        using var watch = todo.Client.WatchItems(new() { Parent = _list }, cancellationToken: Token);
        var token = (await NextAsync(watch)).ResumeToken;
        var item = (await CreateAsync("milk")).Item;
        for (var i = 0; i < 1000; i++)
        {
            await todo.Client.UpdateItemAsync(new()
            {
                Item = new() { Name = item.Name, Title = $"milk {i}" },
                UpdateMask = new() { Paths = { "title" } },
            }, cancellationToken: Token);
        }

        using var resumed = todo.Other.WatchItems(new() { Parent = _list, ResumeToken = token }, cancellationToken: Token);
        Assert.Equal(Kind.Bookmark, (await NextAsync(resumed)).Kind);
        var refusal = await Assert.ThrowsAsync<RpcException>(() => NextAsync(resumed));
        Assert.Equal(StatusCode.OutOfRange, refusal.StatusCode);
    }

    [Fact]
    public async Task ATokenOfAnotherListIsRefused()
    {
        using var watch = todo.Client.WatchItems(new() { Parent = _list }, cancellationToken: Token);
        var token = (await NextAsync(watch)).ResumeToken;

        using var other = todo.Client.WatchItems(
            new() { Parent = TodoFixture.NewList(), ResumeToken = token }, cancellationToken: Token);
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(() => NextAsync(other))).StatusCode);
    }

    private async Task<CreateItemResponse> CreateAsync(string title) =>
        await todo.Client.CreateItemAsync(new() { Parent = _list, Item = new() { Title = title } }, cancellationToken: Token);

    private static async Task<WatchItemsResponse> NextAsync(AsyncServerStreamingCall<WatchItemsResponse> watch)
    {
        Assert.True(await watch.ResponseStream.MoveNext(Token).WaitAsync(TimeSpan.FromSeconds(30), Token));
        return watch.ResponseStream.Current;
    }
}
