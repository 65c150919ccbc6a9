using Grpc.Core;
using MonoRepo.Todo.V1;
using State = MonoRepo.Todo.V1.Item.Types.State;

namespace MonoRepo.Tests;

/// <summary>A list of its own for each test, and two replicas of the server to reach it through.</summary>
public abstract class TodoTests(TodoFixture todo)
{
    protected string List { get; } = TodoFixture.NewList();

    protected TodoService.TodoServiceClient Client => todo.Client;

    protected TodoService.TodoServiceClient Other => todo.Other;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected async Task<Item> CreateAsync(Item item, string id = "") =>
        (await Client.CreateItemAsync(new() { Parent = List, ItemId = id, Item = item }, cancellationToken: Token)).Item;

    protected async Task<List<Item>> ListAsync(State state, int pageSize = 0)
    {
        var items = new List<Item>();
        var token = "";
        do
        {
            var page = await Other.ListItemsAsync(
                new() { Parent = List, State = state, PageSize = pageSize, PageToken = token }, cancellationToken: Token);
            items.AddRange(page.Items);
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        return items;
    }

    protected static Task<RpcException> RefusalAsync(Func<Task> call) => Assert.ThrowsAsync<RpcException>(call);
}
