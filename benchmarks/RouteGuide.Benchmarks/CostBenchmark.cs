using MonoRepo.Tests.Redis;
using MonoRepo.Tests.Services;
using Spectre.Console;

namespace MonoRepo.RouteGuide.Benchmarks;

/// <summary>
/// What the parts of ServiceDefaults cost: GetFeature of a server that has none of them, of one for each part, and of one that
/// has all, in turn, in a different order each round; metrics are scraped meanwhile. Calls read from the Redis Cluster, as in
/// production, or from memory, where a call does the least work. Reports the server's CPU time per call as well, since the load
/// generator shares the machine.
/// </summary>
internal static class CostBenchmark
{
    private const string None = "none";
    private const string All = "all";

    // Until then a server compiles what it does once more, and one with more parts has more to compile.
    private const int WarmUpSeconds = 30;
    private static readonly TimeSpan s_scrapeInterval = TimeSpan.FromSeconds(15);

    private static readonly Dictionary<string, (string Name, string Value)[]> s_without = new()
    {
        ["metrics"] = [("OTEL_METRICS_EXPORTER", "none")],
        ["context"] = [("CallContext__Enabled", "false")],
        ["rpcz"] = [("Rpcz__Enabled", "false")],
        ["shedding"] = [("Overload__Shedding", "false")],
    };

    /// <summary>The parts that can be measured.</summary>
    public static IReadOnlyList<string> Parts { get; } = [.. s_without.Keys, "quota", "access", All];

    public static async Task<int> RunAsync(
        IReadOnlyList<string> parts, bool outOfMemory, RedisEngine engine, int rounds, int seconds, int concurrency,
        CancellationToken cancellationToken)
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
                    // Without metrics there is no rpcz.
                    .. s_without.Where(p => p.Key != part && !isAll && (p.Key, part) != ("metrics", "rpcz"))
                        .SelectMany(p => p.Value),
                    .. with.Where(p => p.Key == part || isAll).SelectMany(p => p.Value),
                ];
                sides.Add(new(
                    part, await RouteGuideServer.StartAsync(cluster?.ConnectionString, cancellationToken, "Production", settings),
                    isAll || part == "access" ? issuer.Token : null));
                await sides[^1].Server.WaitForHealthAsync(200, cancellationToken);
            }

            await MeasureAsync(sides, rounds, seconds, concurrency, cancellationToken);
        }
        finally
        {
            foreach (var side in sides)
            {
                await side.Server.DisposeAsync();
            }
        }

        var table = new Table().Border(TableBorder.Markdown).AddColumns(
            "with", "calls/s", "of those without", "least", "most", "server CPU µs/call", "of those without", "least", "most");
        foreach (var side in sides)
        {
            table.AddRow([side.Part, .. Columns(side.Rates, sides[0].Rates, "0"), .. Columns(side.Times, sides[0].Times, "0.0")]);
        }

        AnsiConsole.Write(table);
        Console.WriteLine(
            $"Medians of {rounds} rounds of {seconds} s a server; a round's ratio is to the same round's server without.");
        return 0;
    }

    private static async Task MeasureAsync(
        List<Side> sides, int rounds, int seconds, int concurrency, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var scrapes =
            Task.WhenAll(sides.Where(s => s.Part is "metrics" or All).Select(s => ScrapeAsync(s.Server.Management, stop.Token)));
        foreach (var side in sides)
        {
            await MeasureAsync(side, WarmUpSeconds, concurrency, cancellationToken);
        }

        for (var round = 0; round < rounds; round++)
        {
            Side[] order = [.. sides];
            new Random(round).Shuffle(order);
            foreach (var side in order)
            {
                var (rate, time) = await MeasureAsync(side, seconds, concurrency, cancellationToken);
                side.Rates.Add(rate);
                side.Times.Add(time);
            }
        }

        await stop.CancelAsync();
        await scrapes;
    }

    private static IEnumerable<string> Columns(IReadOnlyList<double> values, IReadOnlyList<double> without, string format)
    {
        var ratios = values.Zip(without, (value, none) => value / none).ToList();
        return [Median.Of(values).ToString(format), $"{Median.Of(ratios):0.000}", $"{ratios.Min():0.00}", $"{ratios.Max():0.00}"];
    }

    private static async Task<(double Rate, double Time)> MeasureAsync(
        Side side, int seconds, int concurrency, CancellationToken cancellationToken)
    {
        var before = await side.Server.Process.ProcessorTimeAsync();
        var load = await ClientLoad.MeasureAsync(side.Server, seconds, concurrency, cancellationToken, side.Token);
        var after = await side.Server.Process.ProcessorTimeAsync();
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

    private sealed record Side(string Part, ServerProcess Server, string? Token)
    {
        public List<double> Rates { get; } = [];

        public List<double> Times { get; } = [];
    }
}
