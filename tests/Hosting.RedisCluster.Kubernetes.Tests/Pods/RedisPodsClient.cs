using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace MonoRepo.Tests.RedisOnKubernetes.Pods;

/// <summary>
/// A client that knows nothing but redirections, so that what counts as acknowledged is beyond doubt: a command is repeated
/// until a master answers it. One task at a time.
/// </summary>
internal sealed class RedisPodsClient(RedisPods set) : IDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(3);
    private readonly Dictionary<string, Connection> _connections = [];
    private string? _next;

    /// <summary>Commands that were refused for their password.</summary>
    public int Unauthenticated { get; private set; }

    /// <summary>
    /// Writes keys <c>PREFIX:0</c> and so on, until replicas have them: a master whose replica has just copied it may send what
    /// follows only with the replica's next acknowledgement, a second later, and dying before that it would take acknowledged
    /// writes along.
    /// </summary>
    public async Task FillAsync(string prefix, int count, CancellationToken cancellationToken)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.Equal("OK", await SendAsync(cancellationToken, "SET", $"{prefix}:{i}", $"{i}"));
        }

        foreach (var address in _connections.Keys.ToArray())
        {
            await AskAsync(address, cancellationToken, "WAIT", $"{set.ReplicasPerShard}", "2000");
        }
    }

    /// <summary>Asserts that all keys are there that <see cref="FillAsync"/> has written.</summary>
    public async Task VerifyAsync(string prefix, int count, CancellationToken cancellationToken)
    {
        List<int> lost = [];
        for (var i = 0; i < count; i++)
        {
            if (await SendAsync(cancellationToken, "GET", $"{prefix}:{i}") != $"{i}")
            {
                lost.Add(i);
            }
        }

        Assert.True(lost.Count == 0, $"{lost.Count} of {count} keys are lost.\n{set.Describe()}");
    }

    /// <summary>The reply to a command on one key.</summary>
    public async Task<string?> SendAsync(CancellationToken cancellationToken, params IReadOnlyList<string> command)
    {
        string? last = null;
        for (var begin = Stopwatch.GetTimestamp(); ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Stopwatch.GetElapsedTime(begin) > RedisPods.Timeout)
            {
                Assert.Fail(
                    $"No answer to {string.Join(' ', command.Take(2))} within {RedisPods.Timeout.TotalSeconds} s, but " +
                    $"{last}\n{set.Describe()}");
            }

            var running = set.All.Where(p => p.IsRunning).ToArray();
            var address = _next ?? running.ElementAtOrDefault(Random.Shared.Next(running.Length))?.Address;
            _next = null;
            if (address is null)
            {
                await Task.Delay(20, cancellationToken);
                continue;
            }

            try
            {
                var reply = await AskAsync(address, cancellationToken, command);
                // -MOVED 3999 127.0.1.7:6379   -ASK 3999 127.0.1.7:6379   -MOVED 3999 :6379 while the owner's address is unknown
                while (reply is ['-', ..] && reply.Split(' ') is [var verb, _, [not ':', ..] target]
                    && verb is "-MOVED" or "-ASK")
                {
                    address = target[..target.LastIndexOf(':')];
                    if (verb == "-ASK")
                    {
                        await AskAsync(address, cancellationToken, "ASKING");
                    }

                    reply = await AskAsync(address, cancellationToken, command);
                }

                if (reply is not ['-', ..])
                {
                    _next = address;
                    return reply;
                }

                last = $"{address}: {reply}";
                Unauthenticated += reply.StartsWith("-NOAUTH", StringComparison.Ordinal)
                    || reply.StartsWith("-WRONGPASS", StringComparison.Ordinal) ? 1 : 0;
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException
                && !cancellationToken.IsCancellationRequested)
            {
                last = $"{address}: {e.Message}";
                if (_connections.Remove(address, out var broken))
                {
                    broken.Dispose();
                }
            }

            await Task.Delay(20, cancellationToken);
        }
    }

    /// <summary>Writes a key, and says whether a replica had it, too, before anything else happened.</summary>
    public async Task<bool> SetAndWaitAsync(CancellationToken cancellationToken, string key, string value)
    {
        Assert.Equal("OK", await SendAsync(cancellationToken, "SET", key, value));
        var address = _next!;
        try
        {
            // On the same connection: another one has written nothing, and waits for nothing.
            return _connections.ContainsKey(address)
                && await AskAsync(address, cancellationToken, "WAIT", "1", "1000") is not ['-', ..] and not "0";
        }
        catch (Exception e)
            when (e is IOException or SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            _connections.Remove(address, out var broken);
            broken?.Dispose();
            _next = null;
            return false;
        }
    }

    public void Dispose()
    {
        foreach (var connection in _connections.Values)
        {
            connection.Dispose();
        }
    }

    private async Task<string?> AskAsync(
        string address, CancellationToken cancellationToken, params IReadOnlyList<string> command)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(s_timeout);
        if (!_connections.TryGetValue(address, out var connection))
        {
            _connections[address] = connection = await Connection.OpenAsync(address, set.Port, timeout.Token);
            await connection.SendAsync(timeout.Token, "AUTH", set.Password.TrimEnd());
        }

        return await connection.SendAsync(timeout.Token, command);
    }

    private sealed class Connection(TcpClient tcp) : IDisposable
    {
        private readonly StreamReader _reader = new(tcp.GetStream(), Encoding.UTF8);

        public static async Task<Connection> OpenAsync(string address, int port, CancellationToken cancellationToken)
        {
            var tcp = new TcpClient { NoDelay = true };
            try
            {
                await tcp.ConnectAsync(address, port, cancellationToken);
                return new(tcp);
            }
            catch
            {
                tcp.Dispose();
                throw;
            }
        }

        /// <summary>
        /// A simple string, an integer, a bulk string without line ends, null, or an error with its leading dash.
        /// </summary>
        public async Task<string?> SendAsync(CancellationToken cancellationToken, params IReadOnlyList<string> command)
        {
            var request = new StringBuilder($"*{command.Count}\r\n");
            foreach (var part in command)
            {
                request.Append($"${Encoding.UTF8.GetByteCount(part)}\r\n{part}\r\n");
            }

            await tcp.GetStream().WriteAsync(Encoding.UTF8.GetBytes(request.ToString()), cancellationToken);
            var line = await _reader.ReadLineAsync(cancellationToken) ?? throw new EndOfStreamException();
            return line switch
            {
                "$-1" => null,
                ['$', ..] => await _reader.ReadLineAsync(cancellationToken),
                ['-', ..] => line,
                _ => line[1..],
            };
        }

        public void Dispose()
        {
            _reader.Dispose();
            tcp.Dispose();
        }
    }
}
