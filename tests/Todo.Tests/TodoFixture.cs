using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
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
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static int _lists;

    private readonly List<ServiceProcess> _servers = [];
    private readonly List<GrpcChannel> _channels = [];
    private RedisClusterProcess? _redis;

    /// <summary>A client of the first replica.</summary>
    public TodoService.TodoServiceClient Client { get; private set; } = null!;

    /// <summary>A client of the second replica.</summary>
    public TodoService.TodoServiceClient Other { get; private set; } = null!;

    /// <summary>The address of the first replica.</summary>
    public Uri Address => _servers[0].Addresses[0];

    /// <summary>A list that nobody has used.</summary>
    public static string NewList() => $"owners/tester/lists/list-{Interlocked.Increment(ref _lists).ToString(CultureInfo.InvariantCulture)}";

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisClusterProcess.StartAsync(engine);
        (_, Client) = await StartReplicaAsync();
        (_, Other) = await StartReplicaAsync();
    }

    /// <summary>One more replica, which serves when this returns.</summary>
    public async Task<(ServiceProcess Process, TodoService.TodoServiceClient Client)> StartReplicaAsync()
    {
        var process = ServiceProcess.Start("Todo.Server", new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Kestrel__Endpoints__grpc__Url"] = "http://127.0.0.1:0",
            ["Kestrel__Endpoints__management__Url"] = "http://127.0.0.1:0",
            ["ConnectionStrings__redis"] = _redis!.ConnectionString,
        });
        _servers.Add(process);
        await process.WaitForAddressesAsync(2, CancellationToken.None);
        var channel = GrpcChannel.ForAddress(process.Addresses[0]);
        _channels.Add(channel);
        var client = new TodoService.TodoServiceClient(channel);
        for (var start = Stopwatch.GetTimestamp(); ; await Task.Delay(50))
        {
            try
            {
                await client.ListItemsAsync(new() { Parent = "owners/tester/lists/ready" });
                return (process, client);
            }
            catch (RpcException exception) when (exception.StatusCode == StatusCode.Unavailable && Stopwatch.GetElapsedTime(start) < Patience)
            {
            }
        }
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
