using Grpc.Core;
using MonoRepo.Todo.V1;
using State = MonoRepo.Todo.V1.Item.Types.State;

namespace MonoRepo.Tests;

public sealed class GarnetChangeTests(GarnetTodo todo) : ChangeTests(todo);

public sealed class RedisServerChangeTests(RedisServerTodo todo) : ChangeTests(todo);

/// <summary>Updating, completing and deleting, with the errors.</summary>
public abstract class ChangeTests(TodoFixture todo) : TodoTests(todo)
{
    [Fact]
    public async Task AnUpdateChangesWhatItsMaskNames()
    {
        var item = await CreateAsync(new() { Title = "milk", Notes = "two litres" });

        var updated = (await Other.UpdateItemAsync(
            new()
            {
                Item = new() { Name = item.Name, Title = "oat milk", Notes = "none" },
                UpdateMask = new() { Paths = { "title" } },
            }, cancellationToken: Token)).Item;

        Assert.Equal("oat milk", updated.Title);
        Assert.Equal("two litres", updated.Notes);
        Assert.NotEqual(item.Etag, updated.Etag);
        Assert.Equal(updated, (await Client.GetItemAsync(new() { Name = item.Name }, cancellationToken: Token)).Item);
    }

    [Theory]
    [InlineData("create_time")]
    [InlineData("colour")]
    public async Task AMaskOfWhatCannotBeUpdatedIsRefused(string path)
    {
        var item = await CreateAsync(new() { Title = "milk" });

        var refusal = await RefusalAsync(async () => await Client.UpdateItemAsync(
            new() { Item = item, UpdateMask = new() { Paths = { path } } }, cancellationToken: Token));

        Assert.Equal("update_mask", Assert.Single(RichErrors.BadRequestOf(refusal).FieldViolations).Field);
    }

    [Fact]
    public async Task AnOldEtagAborts()
    {
        var item = await CreateAsync(new() { Title = "milk" });
        await Other.UpdateItemAsync(new()
        {
            Item = new() { Name = item.Name, Title = "bread" },
            UpdateMask = new() { Paths = { "title" } },
        }, cancellationToken: Token);

        Assert.Equal(
            StatusCode.Aborted,
            (await RefusalAsync(
                async () => await Client.UpdateItemAsync(new() { Item = item }, cancellationToken: Token))).StatusCode);
        Assert.Equal(
            StatusCode.Aborted,
            (await RefusalAsync(async () => await Client.CompleteItemAsync(
                new() { Name = item.Name, Etag = item.Etag }, cancellationToken: Token))).StatusCode);
        Assert.Equal(
            StatusCode.Aborted,
            (await RefusalAsync(async () => await Client.DeleteItemAsync(
                new() { Name = item.Name, Etag = item.Etag }, cancellationToken: Token))).StatusCode);
    }

    [Fact]
    public async Task ACompletedItemStaysAsItIsAndCanBeReopened()
    {
        var item = await CreateAsync(new() { Title = "milk" });

        var completed = (await Client.CompleteItemAsync(new() { Name = item.Name }, cancellationToken: Token)).Item;
        var again = (await Other.CompleteItemAsync(new() { Name = item.Name }, cancellationToken: Token)).Item;
        var reopened = (await Client.UpdateItemAsync(
            new() { Item = new() { Name = item.Name, State = State.Open }, UpdateMask = new() { Paths = { "state" } } },
            cancellationToken: Token)).Item;

        Assert.NotNull(completed.CompleteTime);
        Assert.Equal(completed, again);
        Assert.Null(reopened.CompleteTime);
        Assert.Equal([reopened], await ListAsync(State.Open));
        Assert.Empty(await ListAsync(State.Completed));
    }

    [Fact]
    public async Task ADeletedItemIsGone()
    {
        var item = await CreateAsync(new() { Title = "milk" });

        await Other.DeleteItemAsync(new() { Name = item.Name, Etag = item.Etag }, cancellationToken: Token);

        Assert.Equal(
            StatusCode.NotFound,
            (await RefusalAsync(
                async () => await Client.GetItemAsync(new() { Name = item.Name }, cancellationToken: Token))).StatusCode);
        Assert.Empty(await ListAsync(State.Unspecified));
        Assert.Empty(await ListAsync(State.Open));
    }
}
