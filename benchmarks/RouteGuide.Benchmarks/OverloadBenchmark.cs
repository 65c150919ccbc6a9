using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MonoRepo.ServiceDefaults.Grpc;
using Routeguide;
using Spectre.Console;
using static Routeguide.RouteGuide;

namespace MonoRepo.RouteGuide.Benchmarks;

/// <summary>
/// A server that is offered up to four times what it can do, with load shedding and without. Its one method needs something
/// bounded, as a pool of connections to a database is: one of <see cref="Slots"/>, first come first served, for
/// <see cref="s_work"/>, which goes on when the caller has left. So neither the generator's processor time nor the server's is
/// what limits it, and both run in this process. Calls come at random times whatever became of the earlier ones (open loop), are
/// due from when they should have been sent, and are not retried.
/// </summary>
internal static class OverloadBenchmark
{
    private const int Slots = 20;
    private const double CriticalPart = 0.2;
    private static readonly TimeSpan s_work = TimeSpan.FromMilliseconds(80);
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(4);

    public static async Task<int> RunAsync(int seconds, CancellationToken cancellationToken)
    {
        var capacity = Slots / s_work.TotalSeconds;
        var table = new Table().Border(TableBorder.Markdown).AddColumns(
            "shedding", "load", "offered/s", "goodput/s", "of it critical", "critical p50 ms", "p99 ms", "sheddable p50 ms",
            "p99 ms", "shed/s", "failed/s");
        // Without shedding comes last: what it leaves undone takes a minute more.
        foreach (var isOn in (bool[])[true, false])
        {
            foreach (var load in (double[])[0.5, 1, 2, 4])
            {
                var calls = await MeasureAsync(isOn, load * capacity, TimeSpan.FromSeconds(seconds), cancellationToken);
                var good = calls.Where(call => call.IsGood && call.Latency <= s_deadline).ToList();
                var critical = good.Where(call => call.IsCritical).Select(call => call.Latency).Order().ToList();
                var sheddable = good.Where(call => !call.IsCritical).Select(call => call.Latency).Order().ToList();
                var shed = calls.Count(call => call.IsShed);
                table.AddRow(
                    isOn ? "on" : "off", $"{load} ×", Rate(calls.Count), Rate(good.Count),
                    $"{critical.Count / (double)calls.Count(call => call.IsCritical):0.0%}",
                    Milliseconds(critical, 0.5), Milliseconds(critical, 0.99), Milliseconds(sheddable, 0.5),
                    Milliseconds(sheddable, 0.99), Rate(shed),
                    Rate(calls.Count - good.Count - shed));
            }
        }

        Console.WriteLine(
            $"capacity {capacity:0} calls/s: {Slots} at once, {s_work.TotalMilliseconds:0} ms each; deadline " +
            $"{s_deadline.TotalSeconds} s; {CriticalPart:0%} of the calls critical");
        AnsiConsole.Write(table);
        return 0;

        string Rate(int count) => $"{count / (double)seconds:0}";
    }

    private static string Milliseconds(List<TimeSpan> sorted, double quantile) =>
        sorted.Count == 0 ? "–" : $"{Quantile.Of(sorted, quantile).TotalMilliseconds:0}";

    private static async Task<List<Call>> MeasureAsync(
        bool isOn, double rate, TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var server = await StartAsync(isOn, cancellationToken);
        using var channel = GrpcChannel.ForAddress(server.Urls.First(), new()
        {
            HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true },
        });
        var client = new RouteGuideClient(channel);
        var (random, calls, start) = (new Random(1), new ConcurrentBag<Call>(), Stopwatch.GetTimestamp());
        await OpenLoop.RunAsync(
            start, s_warmUp + duration, rate, TimeSpan.FromMilliseconds(1), random,
            due => CallAsync(due, random.NextDouble() < CriticalPart), cancellationToken);
        return [.. calls];

        async Task CallAsync(TimeSpan due, bool isCritical)
        {
            var (isGood, isShed) = (false, false);
            try
            {
                var headers = new Metadata { { "baggage", $"criticality={(isCritical ? "critical" : "sheddable")}" } };
                await client.GetFeatureAsync(new Point(), headers, DateTime.UtcNow + s_deadline, cancellationToken);
                isGood = true;
            }
            catch (RpcException exception)
            {
                isShed = exception.Trailers.GetValue("grpc-retry-pushback-ms") is not null;
            }

            if (due >= s_warmUp)
            {
                calls.Add(new(isCritical, isGood, isShed, Stopwatch.GetElapsedTime(start) - due));
            }
        }
    }

    private static async Task<WebApplication> StartAsync(bool isOn, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Logging.ClearProviders();
        builder.Configuration["Overload:Shedding"] = $"{isOn}";
        builder.Configuration["Shutdown:Delay"] = "0";
        builder.Configuration["Shutdown:Timeout"] = "0";
        builder.WebHost.ConfigureKestrel(
            kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2));
        builder.AddServiceDefaults();
        builder.AddGrpcServer();
        builder.Services.AddSingleton(new SemaphoreSlim(Slots));
        var app = builder.Build();
        app.MapGrpcService<BoundedGuide>();
        app.MapDefaultEndpoints();
        await app.StartAsync(cancellationToken);
        return app;
    }

    private sealed record Call(bool IsCritical, bool IsGood, bool IsShed, TimeSpan Latency);

    private sealed class BoundedGuide(SemaphoreSlim slots) : RouteGuideBase
    {
        public override async Task<Feature> GetFeature(Point request, ServerCallContext context)
        {
            await slots.WaitAsync(CancellationToken.None);
            await Task.Delay(s_work, CancellationToken.None);
            slots.Release();
            return new Feature();
        }
    }
}
