extern alias server;
using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using MonoRepo.Tests.Redis;
using MonoRepo.Tests.Services;
using Routeguide;
using Spectre.Console;
using StackExchange.Redis;
using FeatureKeys = server::MonoRepo.RouteGuide.Server.Storage.Redis.FeatureKeys;
using FeatureWriter = server::MonoRepo.RouteGuide.Server.Storage.Redis.FeatureWriter;
using Location = server::MonoRepo.RouteGuide.Server.Storage.Location;
using NamedLocation = server::MonoRepo.RouteGuide.Server.Storage.NamedLocation;

namespace MonoRepo.RouteGuide.Benchmarks;

/// <summary>
/// ListFeatures of squares that hold about 10 to 10 000 features, out of databases of ten thousand to a million spread evenly
/// over northern New Jersey (2 x 2 degrees). If the cost follows what is returned, a row has the same latency in all columns.
/// </summary>
internal static class ListBenchmark
{
    private const int South = 400_000_000;
    private const int West = -750_000_000;
    private const int Side = 20_000_000;
    private const int Repeats = 30;
    private static readonly int[] s_sizes = [10_000, 100_000, 1_000_000];
    private static readonly int[] s_answers = [10, 100, 1_000, 10_000];

    public static async Task<int> RunAsync(RedisEngine engine, CancellationToken cancellationToken)
    {
        await using var cluster = await RedisClusterProcess.StartAsync(engine, cancellationToken: cancellationToken);
        await using var server = await RouteGuideServer.StartAsync(cluster.ConnectionString, cancellationToken, "Production");
        await server.WaitForHealthAsync(200, cancellationToken);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(cluster.ConnectionString);
        using var channel = GrpcChannel.ForAddress(server.Grpc);
        var client = new Routeguide.RouteGuide.RouteGuideClient(channel);

        var cells = s_answers.Select(_ => new List<string>()).ToArray();
        foreach (var size in s_sizes)
        {
            var start = Stopwatch.GetTimestamp();
            await SeedAsync(redis, size, cancellationToken);
            Console.WriteLine($"seeded {size} features in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");
            await WaitUntilServedAsync(client, cancellationToken);
            for (var i = 0; i < s_answers.Length; i++)
            {
                cells[i].Add(await MeasureAsync(client, size, s_answers[i], cancellationToken));
            }
        }

        var table = new Table().Border(TableBorder.Markdown).AddColumn("features returned");
        table.AddColumns([.. s_sizes.Select(size => $"of {size}")]);
        for (var i = 0; i < s_answers.Length; i++)
        {
            table.AddRow([$"about {s_answers[i]}", .. cells[i]]);
        }

        AnsiConsole.Write(table);
        return 0;
    }

    // The version is the size: the server goes over to it by itself, since it is above the one of its own data.
    private static async Task SeedAsync(IConnectionMultiplexer redis, int size, CancellationToken cancellationToken)
    {
        var random = new Random(size);
        var places = new HashSet<Location>(size);
        while (places.Count < size)
        {
            places.Add(new Location(South + random.Next(Side), West + random.Next(Side)));
        }

        await new FeatureWriter(redis).WriteAsync(
            size, places.Select((place, i) => new NamedLocation(place, $"Place {i} of {size}")), cancellationToken);
        await redis.GetDatabase().StringSetAsync(FeatureKeys.Version, size);
    }

    private static async Task WaitUntilServedAsync(
        Routeguide.RouteGuide.RouteGuideClient client, CancellationToken cancellationToken)
    {
        // The server looks for a new version every second. The calls also warm it up.
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(3);)
        {
            await ListAsync(client, 10_000_000, 10_000_000, 500_000, cancellationToken);
        }
    }

    private static async Task<string> MeasureAsync(
        Routeguide.RouteGuide.RouteGuideClient client, int size, int answer, CancellationToken cancellationToken)
    {
        var reach = (int)Math.Min(Side, Side * Math.Sqrt((double)answer / size));
        var random = new Random(answer);
        var (times, counts) = (new List<double>(), new List<int>());
        for (var i = 0; i < Repeats; i++)
        {
            var (south, west) = (random.Next(Side - reach + 1), random.Next(Side - reach + 1));
            var start = Stopwatch.GetTimestamp();
            counts.Add(await ListAsync(client, south, west, reach, cancellationToken));
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return $"{times.Order().ElementAt(Repeats / 2):0.0} ms ({counts.Average():0})";
    }

    private static async Task<int> ListAsync(
        Routeguide.RouteGuide.RouteGuideClient client, int south, int west, int reach, CancellationToken cancellationToken)
    {
        using var call = client.ListFeatures(new Rectangle
        {
            Lo = new Point { Latitude = South + south, Longitude = West + west },
            Hi = new Point { Latitude = South + south + reach, Longitude = West + west + reach },
        }, cancellationToken: cancellationToken);
        var count = 0;
        while (await call.ResponseStream.MoveNext(cancellationToken))
        {
            count++;
        }

        return count;
    }
}
