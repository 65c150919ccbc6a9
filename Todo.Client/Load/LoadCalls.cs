using System.Collections.Concurrent;
using Grpc.Core;
using MonoRepo.Todo.V1;

namespace MonoRepo.Todo.Client.Load;

/// <summary>One call of each method as the load makes it, over a hundred lists of the owner.</summary>
internal sealed class LoadCalls(TodoService.TodoServiceClient client, string owner)
{
    private const int Lists = 100;
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<int, string> _items = new();

    /// <summary>Gives every list an item that can be read and changed.</summary>
    public static async Task<LoadCalls> CreateAsync(
        TodoService.TodoServiceClient client, string owner, CancellationToken cancellationToken)
    {
        var calls = new LoadCalls(client, owner);
        await Parallel.ForAsync(0, Lists, cancellationToken, async (list, token) =>
            calls._items[list] = (await client.CreateItemAsync(
                new() { Parent = calls.Parent(list), Item = new() { Title = "load" } }, Options(token))).Item.Name);
        return calls;
    }

    public Task MakeAsync(LoadMethod method, Random random, CancellationToken cancellationToken)
    {
        var list = random.Next(Lists);
        var options = Options(cancellationToken);
        return method switch
        {
            LoadMethod.Get => client.GetItemAsync(new() { Name = _items[list] }, options).ResponseAsync,
            LoadMethod.List =>
                client.ListItemsAsync(new() { Parent = Parent(list), State = Item.Types.State.Open }, options).ResponseAsync,
            LoadMethod.Create =>
                client.CreateItemAsync(new() { Parent = Parent(list), Item = new() { Title = "load" } }, options).ResponseAsync,
            _ => client.UpdateItemAsync(
                new()
                {
                    Item = new() { Name = _items[list], Title = $"load {random.Next()}" },
                    UpdateMask = new() { Paths = { "title" } },
                }, options).ResponseAsync,
        };
    }

    private string Parent(int list) => $"owners/{owner}/lists/load-{list}";

    private static CallOptions Options(CancellationToken cancellationToken) =>
        new(deadline: DateTime.UtcNow + s_deadline, cancellationToken: cancellationToken);
}
