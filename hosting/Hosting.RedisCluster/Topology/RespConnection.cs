using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MonoRepo.Hosting.RedisCluster.Topology;

/// <summary>
/// One connection to one member, for administration. A client library would follow redirections and wait for a cluster that
/// does not exist yet; these commands must reach exactly the member they are meant for.
/// </summary>
internal sealed class RespConnection : IDisposable
{
    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] buffer = new byte[16 * 1024];
    private int start;
    private int end;

    private RespConnection()
    {
    }

    /// <summary>Connects to <paramref name="port"/> on loopback and authenticates when there is a password.</summary>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    /// <exception cref="RespException">The password is wrong.</exception>
    public static Task<RespConnection> OpenAsync(int port, string? password, CancellationToken cancellationToken) =>
        OpenAsync(new IPEndPoint(IPAddress.Loopback, port), password, cancellationToken);

    /// <summary>Connects to <paramref name="address"/> and authenticates when there is a password.</summary>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    /// <exception cref="RespException">The password is wrong.</exception>
    public static async Task<RespConnection> OpenAsync(EndPoint address, string? password, CancellationToken cancellationToken)
    {
        var connection = new RespConnection();
        try
        {
            await connection.socket.ConnectAsync(address, cancellationToken).ConfigureAwait(false);
            if (password is not null)
            {
                await connection.SendAsync(cancellationToken, "AUTH", password).ConfigureAwait(false);
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Sends one command; the answer as text, <see langword="null"/> for nil. Arrays are not needed here.</summary>
    /// <exception cref="RespException">The member answered with an error.</exception>
    /// <exception cref="IOException">The member closed the connection or does not speak RESP.</exception>
    public async Task<string?> SendAsync(CancellationToken cancellationToken, params IReadOnlyCollection<string> command)
    {
        var request = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{command.Count}\r\n");
        foreach (var part in command)
        {
            request.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(part)}\r\n{part}\r\n");
        }

        ReadOnlyMemory<byte> bytes = Encoding.UTF8.GetBytes(request.ToString());
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, cancellationToken).ConfigureAwait(false)..];
        }

        // +text | :number | -error | $length CRLF bytes CRLF | $-1
        var line = await ReadLineAsync(cancellationToken).ConfigureAwait(false);
        return line switch
        {
            ['+' or ':', .. var text] => text,
            ['-', .. var error] => throw new RespException(error),
            "$-1" => null,
            ['$', .. var length] => await ReadTextAsync(int.Parse(length, CultureInfo.InvariantCulture), cancellationToken).ConfigureAwait(false),
            _ => throw new IOException($"'{line}' is no answer that Redis gives."),
        };
    }

    public void Dispose() => socket.Dispose();

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        while (true)
        {
            var next = (char)await ReadByteAsync(cancellationToken).ConfigureAwait(false);
            if (next == '\n')
            {
                return line.ToString(0, line.Length - 1);
            }

            line.Append(next);
        }
    }

    private async Task<string> ReadTextAsync(int length, CancellationToken cancellationToken)
    {
        var bytes = new byte[length + 2];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = await ReadByteAsync(cancellationToken).ConfigureAwait(false);
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private async ValueTask<byte> ReadByteAsync(CancellationToken cancellationToken)
    {
        if (start == end)
        {
            start = 0;
            end = await socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken).ConfigureAwait(false);
            if (end == 0)
            {
                throw new IOException("The member closed the connection.");
            }
        }

        return buffer[start++];
    }
}
