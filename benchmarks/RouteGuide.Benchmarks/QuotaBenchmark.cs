using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MonoRepo.ServiceDefaults.Calls;
using MonoRepo.ServiceDefaults.Quotas;
using MonoRepo.Tests.Redis;
using MonoRepo.Tests.Services;
using Routeguide;
using Spectre.Console;
using StackExchange.Redis;
using static Routeguide.RouteGuide;

namespace MonoRepo.RouteGuide.Benchmarks;

/// <summary>
/// Four replicas as processes that share the quota of a tenant, and eight clients that call them in turn at a given rate,
/// whatever became of earlier calls (open loop): how many calls are accepted, of how many the quota has. And what a check costs
/// in the process, without a call.
/// </summary>
internal static class QuotaBenchmark
{
    private const int Replicas = 4;
    private const int Clients = 8;

    public static async Task<int> RunAsync(RedisEngine engine, int seconds, CancellationToken cancellationToken)
    {
        await using var cluster = await RedisClusterProcess.StartAsync(engine, cancellationToken: cancellationToken);
        var table = new Table().Border(TableBorder.Markdown).AddColumns(
            "quota/s", "burst", "offered/s", "of it to the first replica", "accepted", "quota has", "difference",
            "of it unchecked", "p50 ms", "p99 ms", "failed");
        foreach (var (rate, load, first) in ((double, double, double)[])[
            (100, 2, 0.25),
            (250, 2, 0.25),
            (250, 2, 0.7),
            (250, 0.9, 0.25),
        ])
        {
            var result = await ShareAsync(
                cluster.ConnectionString, rate, load * rate, first, TimeSpan.FromSeconds(seconds), cancellationToken);

            // What isn't offered can't be accepted.
            var most = Math.Min(result.Calls, result.Burst + (rate * result.Duration.TotalSeconds));
            table.AddRow(
                $"{rate:0}", $"{result.Burst}", $"{load * rate:0}", $"{first:0%}", $"{result.Accepted}", $"{most:0}",
                $"{(result.Accepted / most) - 1:+0.00%;-0.00%}",
                $"{result.Unchecked}", $"{result.P50:0.00}", $"{result.P99:0.00}", $"{result.Failed}");
        }

        AnsiConsole.Write(table);
        table = new Table().Border(TableBorder.Markdown).AddColumns("check", "mean µs", "p50 µs", "p99 µs", "checks");
        table.AddRow(await CheckAsync("of this replica", null, 1e6, "replica", cancellationToken));
        table.AddRow(await CheckAsync("shared, leased", cluster.ConnectionString, 1e6, "shared", cancellationToken));
        table.AddRow(await CheckAsync(
            "shared, Redis asked for each call", cluster.ConnectionString, 20, "shared", cancellationToken));
        AnsiConsole.Write(table);
        return 0;
    }

    private static async Task<Sharing> ShareAsync(
        string redis, double rate, double load, double toFirst, TimeSpan duration, CancellationToken cancellationToken)
    {
        var burst = (int)(rate / 5);
        var tenant = $"{Guid.NewGuid():n}";
        var servers = await Task.WhenAll(Enumerable.Range(0, Replicas).Select(_ => RouteGuideServer.StartAsync(
            redis, cancellationToken, "Production",
            ("OTEL_SERVICE_NAME", "routeguide-server"), ("Quotas__tenant__PerSecond", $"{rate}"),
            ("Quotas__tenant__Burst", $"{burst}"), ("Quotas__tenant__Scope", "shared"))));
        try
        {
            await Task.WhenAll(servers.Select(server => server.WaitForHealthAsync(200, cancellationToken)));
            var channels = Enumerable.Range(
                0, Clients).Select(_ => servers.Select(server => GrpcChannel.ForAddress(server.Grpc)).ToArray()).ToArray();

            // Calls of other tenants connect and compile.
            await Task.WhenAll(channels.SelectMany(client => client).Select(async channel =>
            {
                for (var i = 0; i < 50; i++)
                {
                    await CallAsync(channel, $"{tenant}-{i}", cancellationToken);
                }
            }));
            var calls = new ConcurrentBag<Call>();
            var start = Stopwatch.GetTimestamp();
            await Task.WhenAll(channels.Select((client, i) => LoadAsync(client, i, start, calls)));
            var elapsed = Stopwatch.GetElapsedTime(start);
            var uncheckedCalls = (await Task.WhenAll(servers.Select(server => CountUncheckedAsync(server, cancellationToken))))
                .Sum();
            foreach (var channel in channels.SelectMany(client => client))
            {
                channel.Dispose();
            }

            var latencies = calls.Select(call => call.Latency).Order().ToList();
            return new(
                burst, calls.Count, calls.Count(call => call.Status == StatusCode.OK),
                calls.Count(call => call.Status is not (StatusCode.OK or StatusCode.ResourceExhausted)),
                uncheckedCalls, elapsed, Quantile.Of(latencies, 0.5).TotalMilliseconds,
                Quantile.Of(latencies, 0.99).TotalMilliseconds);
        }
        finally
        {
            await Task.WhenAll(servers.Select(server => server.DisposeAsync().AsTask()));
        }

        Task LoadAsync(GrpcChannel[] client, int seed, long start, ConcurrentBag<Call> calls)
        {
            var random = new Random(seed);
            return OpenLoop.RunAsync(
                start, duration, load / Clients, TimeSpan.FromMilliseconds(2), random,
                _ => MeasureAsync(client[random.NextDouble() < toFirst ? 0 : random.Next(1, Replicas)]), cancellationToken);

            async Task MeasureAsync(GrpcChannel channel)
            {
                var sent = Stopwatch.GetTimestamp();
                calls.Add(new(await CallAsync(channel, tenant, cancellationToken), Stopwatch.GetElapsedTime(sent)));
            }
        }
    }

    // Accepted, warm-up included, as Redis didn't answer in time.
    private static async Task<double> CountUncheckedAsync(ServerProcess server, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        var metrics = await http.GetStringAsync(new Uri(server.Management, "/metrics"), cancellationToken);
        return metrics.Split('\n')
            .Where(line =>
                line.StartsWith("quota_unavailable_total{", StringComparison.Ordinal) && line.Contains("result=\"accepted\""))
            .Sum(line => double.Parse(line[(line.IndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));
    }

    private static async Task<StatusCode> CallAsync(GrpcChannel channel, string tenant, CancellationToken cancellationToken)
    {
        try
        {
            await new RouteGuideClient(channel).GetFeatureAsync(
                new Point { Latitude = 407838351, Longitude = -746143763 }, new Metadata { { "baggage", $"tenant.id={tenant}" } },
                DateTime.UtcNow.AddSeconds(10), cancellationToken);
            return StatusCode.OK;
        }
        catch (RpcException exception)
        {
            return exception.StatusCode;
        }
    }

    private static async Task<string[]> CheckAsync(
        string name, string? redis, double rate, string scope, CancellationToken cancellationToken)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["Quotas:tenant:PerSecond"] = $"{rate}";
        builder.Configuration["Quotas:tenant:Burst"] = "1000000";
        builder.Configuration["Quotas:tenant:Scope"] = scope;
        builder.Configuration["ConnectionStrings:redis"] = redis;
        builder.AddServiceDefaults();
        if (redis is not null)
        {
            builder.AddRedisClient("redis");
        }

        using var host = builder.Build();
        if (redis is not null)
        {
            await host.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase().PingAsync();
        }

        var quotas = host.Services.GetRequiredService<QuotaSet>();
        var call = new QuotaCall("benchmark", "routeguide.RouteGuide/GetFeature", new() { Tenant = $"{Guid.NewGuid():n}" });
        var times = new List<double>();
        await RunAsync(TimeSpan.FromSeconds(1));
        times.Clear();
        await RunAsync(TimeSpan.FromSeconds(3));
        var mean = times.Average();
        times.Sort();
        return [name, $"{mean:0.00}", $"{Quantile.Of(times, 0.5):0.00}", $"{Quantile.Of(times, 0.99):0.00}", $"{times.Count}"];

        // A hundred thousand a second at the most, so that the quota has them.
        async Task RunAsync(TimeSpan duration)
        {
            for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < duration;)
            {
                var before = Stopwatch.GetTimestamp();
                var refusal = await quotas.ChargeAsync(call);
                times.Add(Stopwatch.GetElapsedTime(before).TotalMicroseconds);
                cancellationToken.ThrowIfCancellationRequested();
                if (refusal is not null)
                {
                    throw new InvalidOperationException("The quota was used up: what was measured is refusals.");
                }

                while (rate > 1000 && Stopwatch.GetElapsedTime(before).TotalMicroseconds < 10)
                {
                    Thread.SpinWait(10);
                }
            }
        }
    }

    private sealed record Call(StatusCode Status, TimeSpan Latency);

    private sealed record Sharing(
        int Burst, int Calls, int Accepted, int Failed, double Unchecked, TimeSpan Duration, double P50, double P99);
}
