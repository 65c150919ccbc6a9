using MonoRepo.Tests.Redis;
using MonoRepo.Tests.Services;
using Spectre.Console;

namespace MonoRepo.RouteGuide.Benchmarks;

/// <summary>
/// GetFeature by the client's <c>--load</c> against two servers in one run, in turn, so that what else the machine does falls on
/// both. The figure of each side is the median of its rounds.
/// </summary>
internal static class StoreBenchmark
{
    public static async Task<int> RunAsync(
        RedisEngine engine, int rounds, int seconds, int concurrency, CancellationToken cancellationToken)
    {
        await using var cluster = await RedisClusterProcess.StartAsync(engine, cancellationToken: cancellationToken);
        await using var memory = await RouteGuideServer.StartAsync(null, cancellationToken, "Production");
        await using var redis = await RouteGuideServer.StartAsync(cluster.ConnectionString, cancellationToken, "Production");
        await redis.WaitForHealthAsync(200, cancellationToken);

        var table = new Table().Border(TableBorder.Markdown).AddColumns(
            "round", "store", "calls/s", "p50 ms", "p99 ms", "errors");
        var (memoryRates, redisRates) = (new List<double>(), new List<double>());
        for (var round = 1; round <= rounds; round++)
        {
            memoryRates.Add(await MeasureAsync(round, "memory", memory));
            redisRates.Add(await MeasureAsync(round, $"redis cluster ({engine}, 3 nodes)", redis));
        }

        AnsiConsole.Write(table);
        Console.WriteLine(
            $"median: memory {Median.Of(memoryRates):0} calls/s, redis {Median.Of(redisRates):0} calls/s, ratio " +
            $"{Median.Of(redisRates) / Median.Of(memoryRates):0.00}");
        return 0;

        async Task<double> MeasureAsync(int round, string name, ServerProcess server)
        {
            var load = await ClientLoad.MeasureAsync(server, seconds, concurrency, cancellationToken);
            table.AddRow($"{round}", name, $"{load.CallsPerSecond:0}", $"{load.P50:0.00}", $"{load.P99:0.00}", load.Errors);
            return load.CallsPerSecond;
        }
    }
}
