using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MonoRepo.Todo.V1;
using State = MonoRepo.Todo.V1.Item.Types.State;

namespace MonoRepo.Tests;

public sealed class GarnetItemTests(GarnetTodo todo) : ItemTests(todo);

public sealed class RedisServerItemTests(RedisServerTodo todo) : ItemTests(todo);

/// <summary>Creating, reading and listing, with the errors; the second client is on another replica of the server.</summary>
public abstract class ItemTests(TodoFixture todo) : TodoTests(todo)
{
    [Fact]
    public async Task ACreatedItemIsOpenAndHasTimesAndAnEtag()
    {
        var due = Timestamp.FromDateTime(new(2027, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        var created = await CreateAsync(new() { Title = "milk", Notes = "two litres", DueTime = due });

        Assert.StartsWith($"{List}/items/", created.Name, StringComparison.Ordinal);
        Assert.Equal(State.Open, created.State);
        Assert.Equal(due, created.DueTime);
        Assert.NotNull(created.CreateTime);
        Assert.Null(created.CompleteTime);
        Assert.NotEmpty(created.Etag);
        Assert.Equal(created, (await Other.GetItemAsync(new() { Name = created.Name }, cancellationToken: Token)).Item);
    }

    [Fact]
    public async Task WhatTheServerSetsIsNotTakenFromTheCaller()
    {
        var created = await CreateAsync(new()
        {
            Title = "milk",
            Name = "owners/a/lists/b/items/c",
            State = State.Completed,
            Etag = "x",
            CompleteTime = Timestamp.FromDateTime(DateTime.UnixEpoch),
        });

        Assert.StartsWith(List, created.Name, StringComparison.Ordinal);
        Assert.Equal(State.Open, created.State);
        Assert.NotEqual("x", created.Etag);
        Assert.Null(created.CompleteTime);
    }

    [Fact]
    public async Task ATakenIdIsRefused()
    {
        await CreateAsync(new() { Title = "milk" }, id: "milk");

        var refusal = await RefusalAsync(() => CreateAsync(new() { Title = "bread" }, id: "milk"));

        Assert.Equal(StatusCode.AlreadyExists, refusal.StatusCode);
        Assert.Equal($"{List}/items/milk exists already.", refusal.Status.Detail);
    }

    [Fact]
    public async Task TheSameRequestIdGivesTheSameItemOnEveryReplica()
    {
        var request =
            new CreateItemRequest { Parent = List, Item = new() { Title = "milk" }, RequestId = Guid.NewGuid().ToString() };

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(async i =>
            (await (i % 2 == 0 ? Client : Other).CreateItemAsync(request, cancellationToken: Token)).Item));

        Assert.Single(answers.Distinct());
        Assert.Single((await Client.ListItemsAsync(new() { Parent = List }, cancellationToken: Token)).Items);
    }

    [Fact]
    public async Task ARequestIdCannotServeTwoItems()
    {
        var request =
            new CreateItemRequest { Parent = List, Item = new() { Title = "milk" }, RequestId = Guid.NewGuid().ToString() };
        await Client.CreateItemAsync(request, cancellationToken: Token);
        request.Item.Title = "bread";

        Assert.Equal(
            StatusCode.AlreadyExists,
            (await RefusalAsync(async () => await Client.CreateItemAsync(request, cancellationToken: Token))).StatusCode);
    }

    [Fact]
    public async Task AllFaultsOfARequestAreNamedAtOnce()
    {
        var request = new CreateItemRequest
        {
            Parent = "lists/x",
            ItemId = "-",
            RequestId = "1",
            Item = new() { Title = " ", Notes = new('n', 4001) },
        };

        var refusal = await RefusalAsync(async () => await Client.CreateItemAsync(request, cancellationToken: Token));

        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
        Assert.Equal(
            ["parent", "item_id", "request_id", "item.title", "item.notes"],
            RichErrors.BadRequestOf(refusal).FieldViolations.Select(violation => violation.Field));
    }

    [Theory]
    [InlineData("owners/a/lists/b/items/UPPER")]
    [InlineData("owners/a/lists/b")]
    [InlineData("")]
    public async Task ABadNameIsRefused(string name)
    {
        Assert.Equal(
            StatusCode.InvalidArgument,
            (await RefusalAsync(
                async () => await Client.GetItemAsync(new() { Name = name }, cancellationToken: Token))).StatusCode);
        Assert.Equal(
            StatusCode.InvalidArgument,
            (await RefusalAsync(
                async () => await Client.CompleteItemAsync(new() { Name = name }, cancellationToken: Token))).StatusCode);
        Assert.Equal(
            StatusCode.InvalidArgument,
            (await RefusalAsync(
                async () => await Client.DeleteItemAsync(new() { Name = name }, cancellationToken: Token))).StatusCode);
    }

    [Fact]
    public async Task WhatIsNotThereIsNotFound()
    {
        var name = $"{List}/items/nothing";

        Assert.Equal(
            StatusCode.NotFound,
            (await RefusalAsync(
                async () => await Client.GetItemAsync(new() { Name = name }, cancellationToken: Token))).StatusCode);
        Assert.Equal(
            StatusCode.NotFound,
            (await RefusalAsync(
                async () => await Client.CompleteItemAsync(new() { Name = name }, cancellationToken: Token))).StatusCode);
        Assert.Equal(
            StatusCode.NotFound,
            (await RefusalAsync(
                async () => await Client.DeleteItemAsync(new() { Name = name }, cancellationToken: Token))).StatusCode);
        Assert.Equal(StatusCode.NotFound, (await RefusalAsync(async () =>
            await Client.UpdateItemAsync(
                new() { Item = new() { Name = name, Title = "x" } }, cancellationToken: Token))).StatusCode);
    }

    [Fact]
    public async Task PagesHaveEveryItemOnceInTheOrderOfCreation()
    {
        var created = new List<Item>();
        for (var i = 0; i < 25; i++)
        {
            created.Add(await CreateAsync(new() { Title = $"item {i}" }));
        }

        var listed = await ListAsync(State.Unspecified, pageSize: 10);

        Assert.Equal(created, listed);
    }

    [Fact]
    public async Task AListingCanBeOfOneState()
    {
        var open = await CreateAsync(new() { Title = "open" });
        var done = await CreateAsync(new() { Title = "done" });
        done = (await Other.CompleteItemAsync(new() { Name = done.Name }, cancellationToken: Token)).Item;

        Assert.Equal([open], await ListAsync(State.Open));
        Assert.Equal([done], await ListAsync(State.Completed));
        Assert.Equal([open, done], await ListAsync(State.Unspecified));
    }

    [Fact]
    public async Task ATokenOfAnotherListingIsRefused()
    {
        await CreateAsync(new() { Title = "1" });
        await CreateAsync(new() { Title = "2" });
        var page = await Client.ListItemsAsync(new() { Parent = List, PageSize = 1 }, cancellationToken: Token);

        var refusals = new[]
        {
            await RefusalAsync(async () => await Client.ListItemsAsync(
                new() { Parent = List, State = State.Open, PageToken = page.NextPageToken }, cancellationToken: Token)),
            await RefusalAsync(async () => await Client.ListItemsAsync(
                new() { Parent = TodoFixture.NewList(), PageToken = page.NextPageToken }, cancellationToken: Token)),
            await RefusalAsync(
                async () => await Client.ListItemsAsync(new() { Parent = List, PageToken = "token" }, cancellationToken: Token)),
            await RefusalAsync(
                async () => await Client.ListItemsAsync(new() { Parent = List, PageSize = -1 }, cancellationToken: Token)),
        };

        Assert.All(refusals, refusal => Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode));
    }

    [Fact]
    public async Task FiftyWritersToOneListLoseNothingAndItsOrderStays()
    {
        const int writers = 50, each = 4;
        var created = await Task.WhenAll(Enumerable.Range(0, writers).Select(async writer =>
        {
            var client = writer % 2 == 0 ? Client : Other;
            var items = new List<Item>();
            for (var i = 0; i < each; i++)
            {
                var item = (await client.CreateItemAsync(
                    new() { Parent = List, Item = new() { Title = $"{writer}.{i}" } }, cancellationToken: Token)).Item;
                items.Add((await client.CompleteItemAsync(
                    new() { Name = item.Name, Etag = item.Etag }, cancellationToken: Token)).Item);
            }

            return items;
        }));

        var first = await ListAsync(State.Completed, pageSize: 7);
        var second = await ListAsync(State.Unspecified, pageSize: 100);

        Assert.Equal(writers * each, first.Count);
        Assert.Equal(first, second);
        Assert.Equal(
            created.SelectMany(items => items).Select(item => item.Name).Order(), first.Select(item => item.Name).Order());
        Assert.All(created, items => Assert.Equal(items, first.Where(items.Contains)));
    }
}
