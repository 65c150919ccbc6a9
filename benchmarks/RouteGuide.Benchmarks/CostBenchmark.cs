using MonoRepo.Tests.Redis;
using MonoRepo.Tests.Services;
using Spectre.Console;

namespace MonoRepo.RouteGuide.Benchmarks;

/// <summary>
/// What the parts of ServiceDefaults cost: GetFeature of servers with metrics only, with one other part, with all parts, and
/// without metrics, in turn, in a different order each round; metrics are scraped meanwhile. Calls read from the Redis Cluster,
/// as in production, or from memory, where a call does the least work. Two identical servers differ by several percent, so there
/// are several of each kind. Reports the server's CPU time per call as well, since the load generator shares the machine.
/// </summary>
internal static class CostBenchmark
{
    private const string None = "none";
    private const string All = "all";
    private const string NoMetrics = "no-metrics";

    private const int WarmUpSeconds = 10;
    private const int MaxWarmUps = 30;
    private static readonly TimeSpan s_scrapeInterval = TimeSpan.FromSeconds(15);

    private static readonly Dictionary<string, (string Name, string Value)[]> s_without = new()
    {
        ["context"] = [("CallContext__Enabled", "false")],
        ["rpcz"] = [("Rpcz__Enabled", "false")],
        ["shedding"] = [("Overload__Shedding", "false")],
    };

    /// <summary>The parts that can be measured; "none" once more shows how exact the others are.</summary>
    public static IReadOnlyList<string> Parts { get; } = [None, NoMetrics, .. s_without.Keys, "quota", "access", All];

    public static async Task<int> RunAsync(
        IReadOnlyList<string> parts, bool outOfMemory, RedisEngine engine, int servers, int rounds, int seconds,
        int concurrency, CancellationToken cancellationToken)
    {
        await using var cluster = outOfMemory
            ? null
            : await RedisClusterProcess.StartAsync(engine, cancellationToken: cancellationToken);
        using var issuer = new AccessIssuer();
        Dictionary<string, (string Name, string Value)[]> with = new()
        {
            ["quota"] =
            [
                ("Quotas__caller__PerSecond", "1000000"), (
                    "Quotas__caller__Burst", "1000000"), ("Quotas__caller__Scope", outOfMemory ? "replica" : "shared"),
            ],
            ["access"] = issuer.Settings,
        };
        List<Side> sides = [];
        try
        {
            foreach (var part in parts.Prepend(None))
            {
                var isAll = part == All;
                (string, string)[] settings =
                [
                    .. s_without.Where(p => p.Key != part && !isAll).SelectMany(p => p.Value),
                    .. with.Where(p => p.Key == part || isAll).SelectMany(p => p.Value),
                    ("OTEL_METRICS_EXPORTER", part == NoMetrics ? "none" : "prometheus"),
                ];
                sides.Add(new(part, isAll || part == "access" ? issuer.Token : null));
                for (var i = 0; i < servers; i++)
                {
                    sides[^1].Servers.Add(await RouteGuideServer.StartAsync(
                        cluster?.ConnectionString, cancellationToken, "Production", settings));
                    await sides[^1].Servers[^1].WaitForHealthAsync(200, cancellationToken);
                }
            }

            await MeasureAsync(sides, rounds, seconds, concurrency, cancellationToken);
        }
        finally
        {
            foreach (var server in sides.SelectMany(s => s.Servers))
            {
                await server.DisposeAsync();
            }
        }

        var table = new Table().Border(TableBorder.Markdown).AddColumns(
            "with", "calls/s", "of those without", "±", "server CPU µs/call", "of those without", "±");
        foreach (var side in sides)
        {
            table.AddRow([side.Part, .. Columns(side.Rates, sides[0].Rates, "0"), .. Columns(side.Times, sides[0].Times, "0.0")]);
        }

        AnsiConsole.Write(table);
        Console.WriteLine(
            $"Means of {rounds} rounds of {seconds} s for each of {servers} servers; a round's ratio is to the same round's "
            + "servers without, ±: twice its standard error.");
        return 0;
    }

    private static async Task MeasureAsync(
        List<Side> sides, int rounds, int seconds, int concurrency, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var scrapes = Task.WhenAll(sides.Where(s => s.Part != NoMetrics).SelectMany(s => s.Servers)
            .Select(s => ScrapeAsync(s.Management, stop.Token)));
        var all = sides.SelectMany(side => side.Servers.Select(server => (Side: side, Server: server))).ToArray();
        foreach (var (side, server) in all)
        {
            await WarmUpAsync(server, side, concurrency, cancellationToken);
        }

        for (var round = 0; round < rounds; round++)
        {
            new Random(round).Shuffle(all);
            var measured = new List<(Side Side, double Rate, double Time)>();
            foreach (var (side, server) in all)
            {
                var (rate, time) = await MeasureAsync(server, side, seconds, concurrency, cancellationToken);
                measured.Add((side, rate, time));
            }

            foreach (var group in measured.GroupBy(m => m.Side))
            {
                group.Key.Rates.Add(group.Average(m => m.Rate));
                group.Key.Times.Add(group.Average(m => m.Time));
            }
        }

        await stop.CancelAsync();
        await scrapes;
    }

    /// <summary>
    /// Calls the server until its tiered JIT compilation takes less than 2 % of its CPU time. That needs 7 s of CPU time, a
    /// minute or two under load, and more the more parts a server has.
    /// </summary>
    private static async Task WarmUpAsync(ServerProcess server, Side side, int concurrency, CancellationToken cancellationToken)
    {
        for (var i = 0; i < MaxWarmUps; i++)
        {
            var total = await server.Process.ProcessorTimeAsync();
            var jit = await server.Process.TieredCompilationTimeAsync();
            await MeasureAsync(server, side, WarmUpSeconds, concurrency, cancellationToken);
            if (await server.Process.TieredCompilationTimeAsync() - jit
                < (await server.Process.ProcessorTimeAsync() - total) / 50)
            {
                return;
            }
        }

        await Console.Error.WriteLineAsync(
            $"The server still compiles after {MaxWarmUps * WarmUpSeconds} s of calls; its first figures are too low.");
    }

    private static IEnumerable<string> Columns(IReadOnlyList<double> values, IReadOnlyList<double> without, string format)
    {
        var ratios = values.Zip(without, (value, none) => value / none).ToList();
        var mean = ratios.Average();
        var error = Math.Sqrt(ratios.Sum(r => (r - mean) * (r - mean)) / Math.Max(1, ratios.Count - 1) / ratios.Count);
        return [values.Average().ToString(format), $"{mean:0.000}", $"{2 * error:0.000}"];
    }

    private static async Task<(double Rate, double Time)> MeasureAsync(
        ServerProcess server, Side side, int seconds, int concurrency, CancellationToken cancellationToken)
    {
        var before = await server.Process.ProcessorTimeAsync();
        var load = await ClientLoad.MeasureAsync(server, seconds, concurrency, cancellationToken, side.Token);
        var after = await server.Process.ProcessorTimeAsync();
        if (load.Errors is not ("{}" or "[]" or "0"))
        {
            throw new InvalidOperationException($"Calls with {side.Part} failed: {load.Errors}");
        }

        // The client calls for a second before it measures: by its rate, that many calls more.
        return (load.CallsPerSecond, (after - before).TotalMicroseconds / (load.Calls + load.CallsPerSecond));
    }

    private static async Task ScrapeAsync(Uri management, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = management };
        http.DefaultRequestHeaders.Add("Accept", "application/openmetrics-text;version=1.0.0");
        http.DefaultRequestHeaders.Add("Accept-Encoding", "gzip");
        using var timer = new PeriodicTimer(s_scrapeInterval);
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

    private sealed record Side(string Part, string? Token)
    {
        public List<ServerProcess> Servers { get; } = [];

        public List<double> Rates { get; } = [];

        public List<double> Times { get; } = [];
    }
}
