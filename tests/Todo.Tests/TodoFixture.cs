using System.Globalization;
using Grpc.Net.Client;
using MonoRepo.Tests.Redis;
using MonoRepo.Tests.Services;
using MonoRepo.Todo.V1;

[assembly: AssemblyFixture(typeof(MonoRepo.Tests.GarnetTodo))]
[assembly: AssemblyFixture(typeof(MonoRepo.Tests.RedisServerTodo))]

namespace MonoRepo.Tests;

/// <summary>A cluster of one engine, and two replicas of the server over it.</summary>
public abstract class TodoFixture(RedisEngine engine) : IAsyncLifetime
{
    private static int s_lists;

    private readonly List<ServerProcess> _servers = [];
    private readonly List<GrpcChannel> _channels = [];
    private RedisClusterProcess? _redis;

    /// <summary>A client of the first replica.</summary>
    public TodoService.TodoServiceClient Client => new(Started(_channels)[0]);

    /// <summary>A client of the second replica.</summary>
    public TodoService.TodoServiceClient Other => new(Started(_channels)[1]);

    /// <summary>Whether the engine is installed.</summary>
    public bool IsStarted => _redis is not null;

    /// <summary>The address of the first replica.</summary>
    public Uri Address => Started(_servers)[0].Grpc;

    /// <summary>A list that nobody has used.</summary>
    public static string NewList() =>
        $"owners/tester/lists/list-{Interlocked.Increment(ref s_lists).ToString(CultureInfo.InvariantCulture)}";

    public async ValueTask InitializeAsync()
    {
        if (RedisClusterProcess.ReasonToSkip(engine) is null)
        {
            _redis = await RedisClusterProcess.StartAsync(engine);
            await StartReplicaAsync();
            await StartReplicaAsync();
        }
    }

    /// <summary>One more replica, which serves when this returns.</summary>
    public async Task<(ServerProcess Server, TodoService.TodoServiceClient Client)> StartReplicaAsync(
        params (string, string)[] settings)
    {
        var server = await ServerProcess.StartAsync(
            "Todo.Server", CancellationToken.None,
            settings: [("ConnectionStrings__redis", Started([_redis!])[0].ConnectionString), .. settings]);
        lock (_servers)
        {
            _servers.Add(server);
        }

        await server.WaitForHealthAsync(200, CancellationToken.None);
        var channel = GrpcChannel.ForAddress(server.Grpc);
        lock (_channels)
        {
            _channels.Add(channel);
        }

        return (server, new TodoService.TodoServiceClient(channel));
    }

    /// <summary>Skips the test where the engine is missing, which a fixture can't do before.</summary>
    private List<T> Started<T>(List<T> parts)
    {
        Assert.SkipWhen(_redis is null, RedisClusterProcess.ReasonToSkip(engine) ?? "");
        return parts;
    }

    public async ValueTask DisposeAsync()
    {
        _channels.ForEach(channel => channel.Dispose());
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}

public sealed class GarnetTodo() : TodoFixture(RedisEngine.Garnet);

public sealed class RedisServerTodo() : TodoFixture(RedisEngine.RedisServer);
