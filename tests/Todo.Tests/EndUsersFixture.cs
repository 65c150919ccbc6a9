using MonoRepo.Tests.Services;
using MonoRepo.Todo.V1;

namespace MonoRepo.Tests;

/// <summary>A provider, and a replica of the server that believes it.</summary>
public abstract class EndUsersFixture(TodoFixture todo) : IAsyncLifetime
{
    public TodoFixture Todo => todo;

    public IdentityProvider Provider { get; private set; } = null!;

    public (ServerProcess Server, TodoService.TodoServiceClient Client) Replica { get; private set; }

    public async ValueTask InitializeAsync()
    {
        Provider = await IdentityProvider.StartAsync();
        if (todo.IsStarted)
        {
            Replica = await StartReplicaAsync(Provider.Issuer);
        }
    }

    public Task<(ServerProcess Server, TodoService.TodoServiceClient Client)> StartReplicaAsync(string authority) =>
        todo.StartReplicaAsync(("EndUsers__Authority", authority), ("EndUsers__Audience", IdentityProvider.Audience));

    public async ValueTask DisposeAsync()
    {
        if (Provider is not null)
        {
            await Provider.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}

public sealed class GarnetEndUsers(GarnetTodo todo) : EndUsersFixture(todo);

public sealed class RedisServerEndUsers(RedisServerTodo todo) : EndUsersFixture(todo);
