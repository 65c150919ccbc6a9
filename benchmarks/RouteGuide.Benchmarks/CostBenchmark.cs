using MonoRepo.Tests.Redis;
using MonoRepo.Tests.Services;
using Spectre.Console;

namespace MonoRepo.RouteGuide.Benchmarks;

/// <summary>
/// What something of every service costs: GetFeature of a server with it and of one without, in turn; metrics are scraped meanwhile; through the
/// Redis Cluster, as it is used, or out of memory, where a call does least. The first of each pair changes, so that neither side always comes first. Beside throughput,
/// which the client's own work on the same machine dilutes, the server's processor time by call.
/// </summary>
internal static class CostBenchmark
{
    private static readonly TimeSpan ScrapeInterval = TimeSpan.FromSeconds(15);

    public static async Task<int> RunAsync(
        string what, (string Name, string Value)[] without, bool outOfMemory, RedisEngine engine, int rounds, int seconds, int concurrency,
        CancellationToken cancellationToken, AccessIssuer? access = null)
    {
        await using var cluster = outOfMemory ? null : await RedisClusterProcess.StartAsync(engine, cancellationToken: cancellationToken);
        await using var on = await RouteGuideServer.StartAsync(cluster?.ConnectionString, cancellationToken, "Production", [.. access?.Settings ?? []]);
        await using var off = await RouteGuideServer.StartAsync(cluster?.ConnectionString, cancellationToken, "Production", without);
        await on.WaitForHealthAsync(200, cancellationToken);
        await off.WaitForHealthAsync(200, cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var scrapes = ScrapeAsync(on.Management, stop.Token);

        // The second measurement of a server is at full speed; the first compiles.
        await ClientLoad.MeasureAsync(on, seconds, concurrency, cancellationToken, access?.Token);
        await ClientLoad.MeasureAsync(off, seconds, concurrency, cancellationToken);

        var table = new Table().Border(TableBorder.Markdown).AddColumns("round", what, "calls/s", "p50 ms", "p99 ms", "server CPU µs/call", "errors");
        var (rates, times) = (new List<double>(), new List<double>());
        for (var round = 1; round <= rounds; round++)
        {
            var first = await MeasureAsync(round, isOn: round % 2 == 0);
            var second = await MeasureAsync(round, isOn: round % 2 != 0);
            var (with, none) = round % 2 == 0 ? (first, second) : (second, first);
            rates.Add(with.Rate / none.Rate);
            times.Add(with.Time / none.Time);
        }

        await stop.CancelAsync();
        await scrapes;
        AnsiConsole.Write(table);
        Console.WriteLine($"median of pairs: throughput with {what} is {Median.Of(rates):0.000} of that without ({1 - Median.Of(rates):0.0%} less), "
            + $"server processor time per call {Median.Of(times):0.000} ({Median.Of(times) - 1:0.0%} more)");
        return 0;

        async Task<(double Rate, double Time)> MeasureAsync(int round, bool isOn)
        {
            var server = isOn ? on : off;
            var before = await server.Process.ProcessorTimeAsync();
            var load = await ClientLoad.MeasureAsync(server, seconds, concurrency, cancellationToken, isOn ? access?.Token : null);
            var after = await server.Process.ProcessorTimeAsync();

            // The client calls for a second before it measures: by its rate, that many calls more.
            var time = (after - before).TotalMicroseconds / (load.Calls + load.CallsPerSecond);
            table.AddRow($"{round}", isOn ? "on" : "off", $"{load.CallsPerSecond:0}", $"{load.P50:0.00}", $"{load.P99:0.00}", $"{time:0.0}", load.Errors);
            return (load.CallsPerSecond, time);
        }
    }

    private static async Task ScrapeAsync(Uri management, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = management };
        http.DefaultRequestHeaders.Add("Accept", "application/openmetrics-text;version=1.0.0");
        http.DefaultRequestHeaders.Add("Accept-Encoding", "gzip");
        using var timer = new PeriodicTimer(ScrapeInterval);
        try
        {
            do
            {
                await http.GetByteArrayAsync("/metrics", cancellationToken);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
        }
    }
}
