extern alias server;
using System.Diagnostics;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Net.Client;
using MonoRepo.LoadTesting;
using MonoRepo.Tests.Redis;
using MonoRepo.Tests.Services;
using MonoRepo.Todo.V1;
using StackExchange.Redis;
using ListKeys = server::MonoRepo.Todo.Server.Storage.ListKeys;
using ListName = server::MonoRepo.Todo.Server.Requests.ListName;
using State = MonoRepo.Todo.V1.Item.Types.State;
using StoredState = server::MonoRepo.Todo.V1.Item.Types.State;

namespace MonoRepo.Todo.Benchmarks;

/// <summary>The first and the second page, of 50 items each, of lists picked at random.</summary>
internal static class PageBenchmark
{
    private const int ItemsPerList = 100;
    private const int PageSize = 50;

    private enum Page
    {
        First,
        Second,
    }

    public static async Task<int> RunAsync(
        RedisEngine engine, int lists, int concurrency, int seconds, CancellationToken cancellationToken)
    {
        await using var redis = await RedisClusterProcess.StartAsync(engine, cancellationToken: cancellationToken);
        var start = Stopwatch.GetTimestamp();
        await SeedAsync(redis.ConnectionString, lists, cancellationToken);
        Console.WriteLine(
            $"seeded {lists * ItemsPerList} items in {lists} lists in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s " +
            $"({engine})");

        await using var server = await ServerProcess.StartAsync(
            "Todo.Server", cancellationToken, "Production", ("ConnectionStrings__redis", redis.ConnectionString));
        await server.WaitForHealthAsync(200, cancellationToken);
        using var channel = GrpcChannel.ForAddress(server.Grpc);
        var client = new TodoService.TodoServiceClient(channel);

        LoadMix<Page>.Parse("first=1,second=1", out var mix);
        var run = new LoadRun<Page>(
            (page, random, token) => ListAsync(client, Parent(random.Next(lists)), page, token),
            new(concurrency, TimeSpan.FromSeconds(seconds), mix!),
            LoadProgress.OnTerminal());
        LoadOutput.Write(await run.RunAsync(cancellationToken), json: false);
        return 0;
    }

    private static async Task ListAsync(
        TodoService.TodoServiceClient client, ListName list, Page page, CancellationToken cancellationToken)
    {
        var request = new ListItemsRequest { Parent = list.ToString(), PageSize = PageSize };
        if (page == Page.Second)
        {
            request.PageToken = server::MonoRepo.Todo.Server.Requests.Position.Encode(
                $"{list}?state={State.Unspecified}", PageSize);
        }

        var response = await client.ListItemsAsync(request, cancellationToken: cancellationToken);
        if (response.Items.Count != PageSize)
        {
            throw new InvalidOperationException($"{list} gave {response.Items.Count} items instead of {PageSize}.");
        }
    }

    /// <summary>Writes what that many creations leave behind, but for the log of changes, many lists at once.</summary>
    private static async Task SeedAsync(string connectionString, int lists, CancellationToken cancellationToken)
    {
        using var connection = await ConnectionMultiplexer.ConnectAsync(connectionString);
        var database = connection.GetDatabase();
        await Parallel.ForAsync(0, lists, new ParallelOptions
        {
            MaxDegreeOfParallelism = 16,
            CancellationToken = cancellationToken,
        }, async (number, _) =>
        {
            var list = Parent(number);
            var keys = new ListKeys(list);
            var entries = Enumerable.Range(1, ItemsPerList).Select(i => new SortedSetEntry($"item-{i}", i)).ToArray();
            var writes = entries.Select(
                entry => (Task)database.StringSetAsync(keys.Item(entry.Element!), ItemOf(list, entry.Element!))).ToList();
            writes.Add(database.SortedSetAddAsync(keys.All, entries));
            writes.Add(database.SortedSetAddAsync(keys.Index(StoredState.Open), entries));
            writes.Add(database.StringSetAsync(keys.Sequence, ItemsPerList));
            await Task.WhenAll(writes);
        });
    }

    private static byte[] ItemOf(ListName list, string id) => new Item
    {
        Name = $"{list}/items/{id}",
        Title = $"An item of usual length, {id}",
        State = State.Open,
        CreateTime = Timestamp.FromDateTime(DateTime.UnixEpoch),
        UpdateTime = Timestamp.FromDateTime(DateTime.UnixEpoch),
        Etag = "1",
    }.ToByteArray();

    private static ListName Parent(int number) => new("bench", $"list-{number}");
}
