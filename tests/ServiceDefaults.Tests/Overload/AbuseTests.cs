using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using MonoRepo.ServiceDefaults;
using MonoRepo.Tests.Access;
using Routeguide;
using static MonoRepo.Tests.RawConnection;
using static Routeguide.RouteGuide;

namespace MonoRepo.Tests.Overload;

/// <summary>
/// Callers that want to harm, while another one calls as always. Their floods leave other tests no processor: alone.
/// </summary>
[CollectionDefinition(nameof(AbuseTests), DisableParallelization = true)]
[Collection(nameof(AbuseTests))]
public sealed class AbuseTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task SlowHeaders_EndTheConnection() => AbuseAsync(
        async host =>
        {
            await using var http2 = await OpenAsync(host.Grpc);
            await http2.SendAsync(Frame(Headers, 0, 1, Call().AsSpan(0, 20)));
            await using var http1 = await OpenAsync(host.Management, isHttp2: false);
            await http1.SendAsync([.. "GET /health HTTP/1.1\r\nHost: te"u8]);

            await Task.WhenAll(http2.WaitForEndAsync(), http1.WaitForEndAsync());
        },
        ("Kestrel:Limits:RequestHeadersTimeout", "00:00:01"));

    [Fact]
    public Task SlowBody_EndsTheCall_AndIsTheCallersFault() => AbuseAsync(
        async host =>
        {
            await using var connection = await OpenAsync(host.Grpc);
            await connection.SendAsync([.. Frame(Headers, EndHeaders, 1, Call()), .. Frame(Data, 0, 1, 0)]);

            await connection.WaitForAsync(Reset);
            using var http = new HttpClient { BaseAddress = host.Management };
            Assert.Matches(
                """grpc_server_call_duration_seconds_count{[^}]*grpc_status="CANCELLED"[^}]*} 1""",
                await http.GetStringAsync("/metrics", Cancellation));
        },
        kestrel => kestrel.Limits.MinRequestBodyDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(1.1)));

    [Fact]
    public Task StreamsBeyondThoseOfAConnection_EndIt() => AbuseAsync(
        async host =>
        {
            await using var connection = await OpenAsync(host.Grpc);
            await connection.FloodAsync(Enumerable.Range(0, 1000).Select(i => Frame(Headers, EndHeaders, (2 * i) + 1, Call())));

            await connection.WaitForEndAsync();
        },
        ("Overload:ControlFramesPerSecond", "10"));

    [Fact]
    public Task SlowBodies_HoldNoPlace() => AbuseAsync(
        async host =>
        {
            await using var connection = await OpenAsync(host.Grpc);
            for (var call = 0; call < 10; call++)
            {
                await connection.SendAsync(
                    [.. Frame(Headers, EndHeaders, (2 * call) + 1, Call()), .. Frame(Data, 0, (2 * call) + 1, 0)]);
            }

            using var http = new HttpClient { BaseAddress = host.Management };
            await Eventually.HoldsAsync(
                async () => JsonNode.Parse(await http.GetStringAsync("/rpcz?format=json", Cancellation))!["edges"]!.AsArray()
                    .Sum(edge => (int)edge!["inFlight"]!) >= 10,
                "all calls have begun");

            using var channel = GrpcChannel.ForAddress(host.Grpc);
            await new RouteGuideClient(channel).GetFeatureAsync(
                new(), deadline: DateTime.UtcNow.AddSeconds(4), cancellationToken: Cancellation);
        },
        ("Overload:MinLimit", "5"), ("Overload:InitialLimit", "5"), ("Overload:MaxLimit", "5"));

    [Fact]
    public Task RapidReset_EndsTheConnection() => AbuseAsync(async host =>
    {
        await using var connection = await OpenAsync(host.Grpc);
        await connection.FloodAsync(Enumerable.Range(0, 20_000).Select(i => (byte[])
        [
            .. Frame(Headers, EndHeaders, (2 * i) + 1, Call()), .. Frame(Reset, 0, (2 * i) + 1, 0, 0, 0, 8),
        ]));

        await connection.WaitForEndAsync();
    });

    [Fact]
    public Task EndlessHeaders_EndTheConnection() => AbuseAsync(async host =>
    {
        await using var connection = await OpenAsync(host.Grpc);
        var filler = Literals([.. Enumerable.Range(0, 60).Select(i => ($"x-{i}", new string('x', 100)))]);
        await connection.FloodAsync(
            [Frame(Headers, 0, 1, Call()), .. Enumerable.Range(0, 1000).Select(_ => Frame(Continuation, 0, 1, filler))]);

        await connection.WaitForEndAsync();
    });

    [Theory]
    [InlineData(Ping, 8)]
    [InlineData(Settings, 0)]
    [InlineData(Settings, 600)]
    [InlineData(Priority, 5)]
    [InlineData(Data, 0)]
    public Task FloodOfFramesThatCarryNothing_EndsTheConnection(byte type, int length) => AbuseAsync(async host =>
    {
        await using var connection = await OpenAsync(host.Grpc);
        var frame = Frame(type, 0, type is Data or Priority ? 1 : 0, new byte[length]);
        await connection.FloodAsync(Enumerable.Repeat(frame, 100_000));

        await connection.WaitForEndAsync();
    });

    [Fact]
    public Task FloodInsideTls_EndsTheConnection()
    {
        using var authority = new Authority();
        using var certificate = authority.Issue();
        var key = certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();
        using var folder = new TemporaryFolder();
        return AbuseAsync(
            async host =>
            {
                await using var connection = await OpenAsync(new(host.App.Urls.Single(url => url.StartsWith("https:"))));
                await connection.FloodAsync(Enumerable.Repeat(Frame(Ping, 0, 0, new byte[8]), 100_000));

                await connection.WaitForEndAsync();
            },
            ("Kestrel:Endpoints:tls:Url", "https://127.0.0.1:0"),
            ("Kestrel:Endpoints:tls:Protocols", "Http2"),
            ("Kestrel:Endpoints:tls:Certificate:Path", folder.Write("tls.crt", certificate.ExportCertificatePem())),
            ("Kestrel:Endpoints:tls:Certificate:KeyPath", folder.Write("tls.key", key)));
    }

    [Fact]
    public Task MalformedMessagesWithoutEnd_EndTheConnection() => AbuseAsync(
        async host =>
        {
            await using var connection = await OpenAsync(host.Grpc);
            await connection.FloodAsync(Enumerable.Range(0, 10_000).Select(i => (byte[])
            [
                .. Frame(Headers, EndHeaders, (2 * i) + 1, Call()),
                .. Frame(Data, EndStream, (2 * i) + 1, i % 2 == 0 ? [0, 0, 0, 0, 1, 0x7b] : [0, 0x7f, 0xff, 0xff, 0xff, 8]),
            ]));

            await connection.WaitForEndAsync();
        },
        ("Overload:ControlFramesPerSecond", "10"));

    [Fact]
    public async Task ConnectionsOfAnAddressThatComeTooFast_WaitForTheirTurn()
    {
        await using var host = await TestHost.StartAsync(null, ("Overload:NewConnectionsPerSecond", "1"));
        await using var first = await OpenAsync(host.Management, isHttp2: false);
        await using var second = await OpenAsync(host.Management, isHttp2: false);
        await using var third = await OpenAsync(host.Management, isHttp2: false);

        var waiting = GetAsync(IPAddress.Loopback);
        Assert.Equal("Healthy", await GetAsync(IPAddress.Parse("127.0.0.2")));
        Assert.False(waiting.IsCompleted);
        Assert.Equal("Healthy", await waiting);

        async Task<string> GetAsync(IPAddress source)
        {
            using var http = new HttpClient(new SocketsHttpHandler
            {
                ConnectCallback = async (context, cancellation) =>
                {
                    var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                    socket.Bind(new IPEndPoint(source, 0));
                    await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            });
            return await http.GetStringAsync(new Uri(host.Management, "/alive"), Cancellation);
        }
    }

    [Fact]
    public async Task ConnectionsThatTheQueueHasNoPlaceFor_AreHeldThenClosed_AndCounted()
    {
        await using var host = await TestHost.StartAsync(null, ("Overload:NewConnectionsPerSecond", "1"));
        var start = Stopwatch.GetTimestamp();

        // One is read at once, ten wait.
        var connections = new List<RawConnection>();
        for (var i = 0; i < 14; i++)
        {
            connections.Add(await OpenAsync(host.Grpc, isHttp2: false));
        }

        await connections[^1].WaitForEndAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 9, 60);

        using var http = new HttpClient();
        var metrics = await http.GetStringAsync(new Uri(host.Management, "/metrics"), Cancellation);
        Assert.Matches("""overload_connections_closed_total{[^}]*reason="new"[^}]*} [1-9]""", metrics);
        foreach (var connection in connections)
        {
            await connection.DisposeAsync();
        }
    }

    [Fact]
    public async Task ConnectionThatFlooded_IsCounted_AndCountsAsManyNewOnes()
    {
        var start = Stopwatch.GetTimestamp();
        await using var host = await TestHost.StartAsync(null, ("Overload:NewConnectionsPerSecond", "2"));
        for (var i = 0; i < 2; i++)
        {
            await using var flood = await OpenAsync(host.Grpc);
            await flood.FloodAsync(Enumerable.Repeat(Frame(Ping, 0, 0, new byte[8]), 100_000));
            await flood.WaitForEndAsync();
        }

        using var http = new HttpClient();
        var metrics = await http.GetStringAsync(new Uri(host.Management, "/metrics"), Cancellation);
        Assert.Matches("""overload_connections_closed_total{[^}]*reason="frames"[^}]*} 2""", metrics);

        // Three connections and two each for the floods: five more than the two at once, 2.5 s less the timer's half a second.
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 2, 60);
    }

    [Fact]
    public Task ConnectionsBeyondTheLimit_AreClosed() => AbuseAsync(
        async host =>
        {
            var connections = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => OpenAsync(host.Grpc, isHttp2: false)));
            await connections[^1].WaitForEndAsync();
            foreach (var connection in connections)
            {
                await connection.DisposeAsync();
            }
        },
        ("Kestrel:Limits:MaxConcurrentConnections", "500"));

    [Fact]
    public Task ConnectionsOfOneAddressBeyondItsLimit_AreClosed() => AbuseAsync(
        async host =>
        {
            // They send nothing: a connection that is closed at once would refuse it.
            await using var first = await OpenAsync(host.Grpc, isHttp2: false);
            await using var second = await OpenAsync(host.Grpc, isHttp2: false);
            await using var third = await OpenAsync(host.Grpc, isHttp2: false);

            await await Task.WhenAny(first.WaitForEndAsync(), second.WaitForEndAsync(), third.WaitForEndAsync());
        },
        ("Overload:ConnectionsPerAddress", "3"));

    [Theory]
    [InlineData("larger than memory", StatusCode.ResourceExhausted)]
    [InlineData("larger once it is decompressed", StatusCode.ResourceExhausted)]
    [InlineData("nested deeply", StatusCode.InvalidArgument)]
    public Task HostileMessage_IsRefused(string what, StatusCode expected) => AbuseAsync(async host =>
    {
        // A message: whether it is compressed, its length in four bytes, and what protobuf makes. 0x7b begins a group of field
        // 15.
        byte[] body = what switch
        {
            "larger than memory" => [0, 0x7f, 0xff, 0xff, 0xff, 8],
            "nested deeply" => [0, 0, 0, 0x40, 0, .. Enumerable.Repeat((byte)0x7b, 0x4000)],
            _ => Compressed(new byte[200 * 1024 * 1024]),
        };

        Assert.Equal(expected, await SendAsync(host, body));
    });

    [Fact]
    public Task CallsWithoutADeadline_GetOne() => AbuseAsync(
        async host =>
        {
            using var channel = GrpcChannel.ForAddress(host.Grpc);
            var client = new RouteGuideClient(channel);
            using var chat = client.RouteChat(cancellationToken: Cancellation);
            var unary = client.GetFeatureAsync(new() { Latitude = GuideOfOutcomes.Wait }, cancellationToken: Cancellation);

            Assert.Equal(
                StatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<RpcException>(() => unary.ResponseAsync)).StatusCode);
            Assert.Equal(
                StatusCode.DeadlineExceeded,
                (await Assert.ThrowsAsync<RpcException>(() => chat.ResponseStream.MoveNext(Cancellation))).StatusCode);
        },
        ("Overload:UnaryDeadline", "00:00:01"), ("Overload:StreamDeadline", "00:00:01"));

    [Theory]
    [InlineData("MaxConcurrentConnections", "-1")]
    [InlineData("Http2:MaxStreamsPerConnection", "0")]
    public async Task LimitThatIsNone_IsSaidAtTheStart(string name, string value)
    {
        var exception =
            await Assert.ThrowsAsync<ConfigurationException>(() => TestHost.StartAsync(null, ($"Kestrel:Limits:{name}", value)));

        Assert.StartsWith("Kestrel:Limits: ", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>While it lasts, and after it, no call of another client fails.</summary>
    private static Task AbuseAsync(Func<TestHost, Task> abuse, params (string Key, string Value)[] settings) =>
        AbuseAsync(abuse, _ => { }, settings);

    private static async Task AbuseAsync(
        Func<TestHost, Task> abuse, Action<KestrelServerOptions> configure, params (string Key, string Value)[] settings)
    {
        await using var host = await TestHost.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton<Action<WebApplication>>(app => app.MapGrpcService<GuideOfOutcomes>());
                builder.WebHost.ConfigureKestrel(configure);
            },
            settings);
        using var channel = GrpcChannel.ForAddress(host.Grpc);
        var client = new RouteGuideClient(channel);
        await client.GetFeatureAsync(new(), cancellationToken: Cancellation);
        var isOver = false;
        var normal = CallAsync();
        try
        {
            await abuse(host);
        }
        finally
        {
            Volatile.Write(ref isOver, true);
            await normal;
        }

        await client.GetFeatureAsync(new(), cancellationToken: Cancellation);

        async Task CallAsync()
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
            while (!Volatile.Read(ref isOver) && await timer.WaitForNextTickAsync(Cancellation))
            {
                await client.GetFeatureAsync(new(), deadline: DateTime.UtcNow.AddSeconds(30), cancellationToken: Cancellation);
            }
        }
    }

    private static byte[] Compressed(byte[] message)
    {
        using var output = new MemoryStream();
        output.Write([1, 0, 0, 0, 0]);
        using (var gzip = new GZipStream(output, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(message);
        }

        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(output.GetBuffer().AsSpan(1), (int)output.Length - 5);
        return output.ToArray();
    }

    private static async Task<StatusCode> SendAsync(TestHost host, byte[] body)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Grpc, "/routeguide.RouteGuide/GetFeature"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        request.Headers.TE.Add(new("trailers"));
        request.Headers.Add("grpc-encoding", "gzip");
        using var response = await http.SendAsync(request, Cancellation);
        return (StatusCode)int.Parse(response.Headers.GetValues("grpc-status").Single());
    }
}
