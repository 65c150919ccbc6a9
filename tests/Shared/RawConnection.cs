using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace MonoRepo.Tests;

/// <summary>A TCP connection that speaks HTTP/2 as badly as a test wants.</summary>
public sealed class RawConnection : IAsyncDisposable
{
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte Reset = 3;
    public const byte Settings = 4;
    public const byte Ping = 6;
    public const byte Continuation = 9;
    public const byte EndStream = 1;
    public const byte EndHeaders = 4;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private RawConnection()
    {
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<RawConnection> OpenAsync(Uri address, bool isHttp2 = true)
    {
        var connection = new RawConnection();
        await connection._socket.ConnectAsync(address.Host, address.Port, Cancellation);
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

    public async Task SendAsync(byte[] bytes) => await _socket.SendAsync(bytes, Cancellation);

    /// <summary>Sends until the server ends the connection, or reads no more, or there is nothing left to send.</summary>
    public async Task FloodAsync(IEnumerable<byte[]> frames)
    {
        using var stuck = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        try
        {
            foreach (var chunk in frames.Chunk(500))
            {
                stuck.CancelAfter(TimeSpan.FromSeconds(2));
                await _socket.SendAsync(chunk.SelectMany(frame => frame).ToArray(), stuck.Token);
            }
        }
        catch (Exception exception) when (exception is SocketException
            || (exception is OperationCanceledException && !Cancellation.IsCancellationRequested))
        {
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
            while (await _socket.ReceiveAsync(buffer, timeout.Token) > 0)
            {
            }
        }
        catch (SocketException)
        {
        }
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
