using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace MonoRepo.Tests;

/// <summary>A TCP connection that speaks HTTP/2 as badly as a test wants.</summary>
public sealed class RawConnection : IAsyncDisposable
{
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte Priority = 2;
    public const byte Reset = 3;
    public const byte Settings = 4;
    public const byte Ping = 6;
    public const byte Continuation = 9;
    public const byte EndStream = 1;
    public const byte EndHeaders = 4;

    private readonly Stream _stream;

    private RawConnection(Stream stream) => _stream = stream;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<RawConnection> OpenAsync(Uri address, bool isHttp2 = true)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, Cancellation);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            // The server has closed it already.
            socket.Dispose();
            return new(Stream.Null);
        }

        Stream stream = new NetworkStream(socket, ownsSocket: true);
        if (address.Scheme == "https")
        {
            var tls = new SslStream(stream);
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "localhost",
                    ApplicationProtocols = [SslApplicationProtocol.Http2],
                    RemoteCertificateValidationCallback = (_, _, _, _) => true,
                },
                Cancellation);
            stream = tls;
        }

        var connection = new RawConnection(stream);
        if (isHttp2)
        {
            await connection.SendAsync([.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(Settings, 0, 0)]);
        }

        return connection;
    }

    /// <summary>Length in three bytes, type, flags, stream.</summary>
    public static byte[] Frame(byte type, byte flags, int stream, params ReadOnlySpan<byte> payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(9));
        return frame;
    }

    /// <summary>Headers as HPACK's literals without an index: 0, length and name, length and value.</summary>
    public static byte[] Literals(params (string Name, string Value)[] headers) =>
    [
        .. headers.SelectMany(header => (byte[])
        [
            0, (byte)header.Name.Length, .. Encoding.ASCII.GetBytes(
                header.Name), (byte)header.Value.Length, .. Encoding.ASCII.GetBytes(header.Value),
        ]),
    ];

    /// <summary>The headers of a call of GetFeature.</summary>
    public static byte[] Call() => Literals(
        (":method", "POST"), (":scheme", "http"), (":path", "/routeguide.RouteGuide/GetFeature"), (":authority", "test"),
        ("content-type", "application/grpc"), ("te", "trailers"));

    public async Task SendAsync(byte[] bytes) => await _stream.WriteAsync(bytes, Cancellation);

    /// <summary>Sends until the server ends the connection, or reads no more, or there is nothing left to send.</summary>
    public async Task FloodAsync(IEnumerable<byte[]> frames)
    {
        using var stuck = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        try
        {
            foreach (var chunk in frames.Chunk(500))
            {
                stuck.CancelAfter(TimeSpan.FromSeconds(2));
                await _stream.WriteAsync(chunk.SelectMany(frame => frame).ToArray(), stuck.Token);
            }
        }
        catch (Exception exception) when (exception is IOException
            || (exception is OperationCanceledException && !Cancellation.IsCancellationRequested))
        {
        }
    }

    /// <summary>Waits for a frame of this type.</summary>
    /// <exception cref="IOException">The connection has ended.</exception>
    public async Task WaitForAsync(byte type)
    {
        for (var header = new byte[9]; header[3] != type;)
        {
            await _stream.ReadExactlyAsync(header, Cancellation);
            await _stream.ReadExactlyAsync(new byte[BinaryPrimitives.ReadInt32BigEndian(header) >> 8], Cancellation);
        }
    }

    /// <summary>Waits until the server ends the connection.</summary>
    public async Task WaitForEndAsync()
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        timeout.CancelAfter(TimeSpan.FromSeconds(60));
        var buffer = new byte[64 * 1024];
        try
        {
            while (await _stream.ReadAsync(buffer, timeout.Token) > 0)
            {
            }
        }
        catch (IOException)
        {
        }
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}
