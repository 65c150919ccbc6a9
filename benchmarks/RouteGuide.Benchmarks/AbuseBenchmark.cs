using System.Diagnostics;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using MonoRepo.Tests;
using MonoRepo.Tests.Services;
using Routeguide;
using Spectre.Console;
using static MonoRepo.Tests.RawConnection;
using static Routeguide.RouteGuide;

namespace MonoRepo.RouteGuide.Benchmarks;

/// <summary>
/// What callers that want to harm a server do to one that calls it as always: 200 calls a second, each due at its time whatever
/// became of the earlier ones. The attack is a process of its own that has only the time that nobody else wants, as it would
/// run on other machines. Each is compared with the same time without it.
/// </summary>
internal static class AbuseBenchmark
{
    private const string Idle = "10 000 idle connections";
    private const int IdleConnections = 10_000;
    private const int SlowConnections = 1000;
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(5);

    private static readonly Dictionary<string, Func<Uri, Task>> s_attacks = new()
    {
        [Idle] = async address =>
        {
            var connections = new List<RawConnection>();
            for (var i = 0; i < IdleConnections; i++)
            {
                try
                {
                    connections.Add(await OpenAsync(address, isHttp2: i % 2 == 0));
                }
                catch (Exception exception) when (IsRefusal(exception))
                {
                    // The next one.
                }
            }

            Console.WriteLine("ready");
            await Forever;
            GC.KeepAlive(connections);
        },
        ["1000 connections, headers byte by byte"] = address => AllAsync(SlowConnections, async () =>
        {
            await using var connection = await OpenAsync(address);
            await connection.SendAsync(Frame(Headers, 0, 1, Call().AsSpan(0, 20)));
            await connection.WaitForEndAsync();
        }),
        ["1000 connections, bodies byte by byte"] = address => AllAsync(SlowConnections, async () =>
        {
            await using var connection = await OpenAsync(address);
            for (var stream = 1; ; stream += 2)
            {
                await connection.SendAsync([.. Frame(Headers, EndHeaders, stream, Call()), .. Frame(Data, 0, stream, 0)]);
                await connection.WaitForAsync(Reset);
            }
        }),
        ["rapid reset"] =
            Flood(i => [.. Frame(Headers, EndHeaders, (2 * i) + 1, Call()), .. Frame(Reset, 0, (2 * i) + 1, 0, 0, 0, 8)]),
        ["CONTINUATION without end"] =
            Flood(i => i == 0 ? Frame(Headers, 0, 1, Call()) : Frame(Continuation, 0, 1, Literals(("x", new string('x', 100))))),
        ["PING without end"] = Flood(_ => Frame(Ping, 0, 0, new byte[8])),
        ["SETTINGS without end"] = Flood(_ => Frame(Settings, 0, 0)),
        ["messages of 2 GB, announced"] = Messages([0, 0x7f, 0xff, 0xff, 0xff, 8]),
        ["messages nested 16 000 deep"] = Messages([0, 0, 0, 0x40, 0, .. Enumerable.Repeat((byte)0x7b, 0x4000)]),
    };

    private static Task Forever => Task.Delay(Timeout.InfiniteTimeSpan);

    public static IReadOnlyCollection<string> Attacks => s_attacks.Keys;

    public static async Task<int> RunAsync(string[] names, int seconds, CancellationToken cancellationToken)
    {
        var table = new Table().Border(TableBorder.Markdown).AddColumns(
            "attack", "calls", "failed", "p50 ms alone", "attacked", "p99 ms alone", "attacked", "of that alone",
            "server's memory MiB alone", "attacked", "server's CPU s");
        foreach (var name in names)
        {
            await using var server = await RouteGuideServer.StartAsync(null, cancellationToken, "Production");
            using var channel = GrpcChannel.ForAddress(server.Grpc);
            var client = new RouteGuideClient(channel);
            await MeasureAsync(client, seconds, cancellationToken);
            var memory = await server.Process.PeakMemoryAsync();

            // Once before it's measured: a server is attacked for the first time only once, and compiles what it does then.
            await AttackedAsync();
            await MeasureAsync(client, seconds, cancellationToken);
            var alone = await MeasureAsync(client, seconds, cancellationToken);
            var before = await server.Process.ProcessorTimeAsync();
            var attacked = await AttackedAsync();
            var time = await server.Process.ProcessorTimeAsync() - before;
            table.AddRow(
                name, $"{attacked.Calls}", $"{attacked.Failed}", $"{alone.P50:0.0}", $"{attacked.P50:0.0}", $"{alone.P99:0.0}",
                $"{attacked.P99:0.0}", $"{attacked.P99 / alone.P99:0.0}", $"{memory >> 20}",
                $"{await server.Process.PeakMemoryAsync() >> 20}", $"{time.TotalSeconds:0.0}");

            async Task<Measured> AttackedAsync()
            {
                using var attacker = Process.Start(new ProcessStartInfo(
                    "chrt", ["--idle", "0", Environment.ProcessPath!, "attack", name, $"{server.Grpc}"])
                {
                    RedirectStandardOutput = true,
                })!;
                try
                {
                    await attacker.StandardOutput.ReadLineAsync(cancellationToken);
                    return await MeasureAsync(client, seconds, cancellationToken);
                }
                finally
                {
                    attacker.Kill();
                    await attacker.WaitForExitAsync(CancellationToken.None);
                }
            }
        }

        AnsiConsole.Write(table);
        return 0;
    }

    /// <summary>Attacks until it is killed.</summary>
    public static async Task<int> AttackAsync(string name, Uri address)
    {
        var attack = s_attacks[name](address);
        if (name != Idle)
        {
            Console.WriteLine("ready");
        }

        await attack;
        return 0;
    }

    private static async Task<Measured> MeasureAsync(
        RouteGuideClient client, int seconds, CancellationToken cancellationToken)
    {
        var (pending, start, count) = (
            new List<Task<(bool IsGood, double Latency)>>(), Stopwatch.GetTimestamp(),
            (int)(TimeSpan.FromSeconds(seconds) / s_interval));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (pending.Count < count)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            while (pending.Count < count && pending.Count * s_interval <= Stopwatch.GetElapsedTime(start))
            {
                pending.Add(CallAsync(pending.Count * s_interval));
            }
        }

        var calls = await Task.WhenAll(pending);
        var sorted = calls.Select(call => call.Latency).Order().ToList();
        return new(calls.Length, calls.Count(call => !call.IsGood), Quantile.Of(sorted, 0.5), Quantile.Of(sorted, 0.99));

        async Task<(bool, double)> CallAsync(TimeSpan due)
        {
            var isGood = true;
            try
            {
                await client.GetFeatureAsync(
                    new(), deadline: DateTime.UtcNow.AddSeconds(10), cancellationToken: cancellationToken);
            }
            catch (RpcException)
            {
                isGood = false;
            }

            return (isGood, (Stopwatch.GetElapsedTime(start) - due).TotalMilliseconds);
        }
    }

    private static Func<Uri, Task> Flood(Func<int, byte[]> frame) => address => AllAsync(4, async () =>
    {
        await using var connection = await OpenAsync(address);
        await connection.FloodAsync(Enumerable.Range(0, 1_000_000).Select(frame));
    });

    private static Func<Uri, Task> Messages(byte[] body) => address => AllAsync(4, async () =>
    {
        await using var connection = await OpenAsync(address);
        await connection.FloodAsync(Enumerable.Range(0, 1_000_000).Select(i => (byte[])
        [
            .. Frame(Headers, EndHeaders, (2 * i) + 1, Call()), .. body.Chunk(0x4000).SelectMany((part, n) =>
                Frame(Data, (n + 1) * 0x4000 >= body.Length ? EndStream : (byte)0, (2 * i) + 1, part)),
        ]));
    });

    /// <summary>So many at once, each again and again.</summary>
    private static Task AllAsync(int count, Func<Task> attack) => Task.WhenAll(Enumerable.Range(0, count).Select(async _ =>
    {
        while (true)
        {
            try
            {
                await attack();
            }
            catch (Exception exception) when (IsRefusal(exception))
            {
                // The server has had enough of this connection.
            }
        }
    }));

    private static bool IsRefusal(Exception exception) => exception is IOException or SocketException;

    private sealed record Measured(int Calls, int Failed, double P50, double P99);
}
