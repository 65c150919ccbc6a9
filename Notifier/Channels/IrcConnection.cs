using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace MonoRepo.Notifier.Channels;

/// <summary>A line of a server: <c>:prefix COMMAND parameter … :the last one</c>, of RFC 2812.</summary>
internal sealed record IrcLine(string Command, IReadOnlyList<string> Parameters)
{
    private const string AccountTag = "account=";

    public string Last => Parameters.Count > 0 ? Parameters[^1] : "";

    /// <summary>Who sent it.</summary>
    public string? Nick { get; init; }

    /// <summary>The account that the sender is logged in to, where the server tells (account-tag of IRCv3).</summary>
    public string? Account { get; init; }

    public static IrcLine Parse(string text)
    {
        var rest = text.AsSpan().TrimEnd();
        var words = new List<string>();
        var (nick, account) = ((string?)null, (string?)null);
        while (!rest.IsEmpty)
        {
            if (words.Count > 0 && rest[0] == ':')
            {
                words.Add(rest[1..].ToString());
                break;
            }

            var end = rest.IndexOf(' ');
            var word = end < 0 ? rest : rest[..end];

            if (words.Count > 0 || word[0] is not ('@' or ':'))
            {
                words.Add(word.ToString());
            }
            else if (word[0] == ':')
            {
                nick = word[1..].ToString().Split('!')[0];
            }
            else
            {
                account = word[1..].ToString().Split(';')
                    .FirstOrDefault(tag => tag.StartsWith(AccountTag, StringComparison.Ordinal))?[AccountTag.Length..];
            }

            rest = end < 0 ? [] : rest[end..].TrimStart(' ');
        }

        return words.Count == 0 ? new("", []) : new(words[0].ToUpperInvariant(), words[1..]) { Nick = nick, Account = account };
    }
}

/// <summary>A connection that is logged in and has joined the channel. It answers the server's PINGs until it ends.</summary>
internal sealed class IrcConnection : IAsyncDisposable
{
    private const string Sasl = "sasl";
    private const string Accounts = "account-tag";

    private readonly TcpClient _client;
    private readonly StreamReader _reader;
    private readonly StreamWriter _writer;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly IrcOptions _options;
    private readonly Action<IrcConnection, IrcLine>? _heard;
    private string _nick;
    private TaskCompletionSource? _confirmation;
    private Task _reading = Task.CompletedTask;

    private IrcConnection(TcpClient client, Stream stream, IrcOptions options, Action<IrcConnection, IrcLine>? heard)
    {
        (_client, _options, _nick, _heard) = (client, options, options.Nick, heard);
        _reader = new(stream, new UTF8Encoding(false));
        _writer = new(stream, new UTF8Encoding(false)) { NewLine = "\r\n" };
    }

    public bool IsOpen => !_reading.IsCompleted;

    /// <summary>Whether the server says to which account a sender is logged in.</summary>
    public bool HasAccounts { get; private set; }

    /// <summary>Connects, logs in, joins.</summary>
    /// <param name="options">Where.</param>
    /// <param name="heard">Called with what people say in the channel; null: nobody listens.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<IrcConnection> OpenAsync(
        IrcOptions options, Action<IrcConnection, IrcLine>? heard, CancellationToken cancellationToken)
    {
        var client = new TcpClient { NoDelay = true };
        try
        {
            await client.ConnectAsync(options.Server!, options.Port, cancellationToken);
            Stream stream = client.GetStream();
            if (options.Tls)
            {
                var tls = new SslStream(stream);
                var trust = CertificateTrust.Read(options.CertificateAuthority);
                await tls.AuthenticateAsClientAsync(
                    new() { TargetHost = options.Server, CertificateChainPolicy = trust }, cancellationToken);
                stream = tls;
            }

            var connection = new IrcConnection(client, stream, options, heard);
            await connection.JoinAsync(cancellationToken);
            connection._reading = connection.ReadAsync();
            return connection;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    public async Task SendAsync(string line, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await _writer.WriteLineAsync(line.AsMemory(), cancellationToken);
            await _writer.FlushAsync(cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Waits until the server has done all that was sent before: it answers in order.</summary>
    /// <exception cref="ChannelException">It refused something of it.</exception>
    public async Task ConfirmAsync(CancellationToken cancellationToken)
    {
        var confirmation = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _confirmation = confirmation;
        await SendAsync("PING :notifier", cancellationToken);
        await Task.WhenAny(confirmation.Task, _reading).WaitAsync(cancellationToken);
        if (!confirmation.Task.IsCompleted)
        {
            throw new IOException("The IRC server has ended the connection.");
        }

        await confirmation.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ReadAsync()
    {
        ChannelException? refusal = null;
        while (await _reader.ReadLineAsync() is { } text)
        {
            var line = IrcLine.Parse(text);
            switch (line.Command)
            {
                case "PING":
                    await SendAsync($"PONG :{line.Last}", CancellationToken.None);
                    break;
                case "PONG" when _confirmation is { } confirmation:
                    _ = refusal is null ? confirmation.TrySetResult() : confirmation.TrySetException(refusal);
                    refusal = null;
                    break;
                case "401" or "403" or "404" or "442":
                    refusal = new($"The IRC server didn't take a message: {line.Last}");
                    break;
                case "PRIVMSG" when line.Parameters.Count == 2
                    && string.Equals(line.Parameters[0], _options.Channel, StringComparison.OrdinalIgnoreCase):
                    _heard?.Invoke(this, line);
                    break;
                case "KICK" when line.Parameters.Contains(_nick):
                case "ERROR":
                    // The next message comes in by a new connection.
                    _client.Dispose();
                    return;
                default:
                    break;
            }
        }
    }

    // CAP REQ :sasl → CAP * ACK → AUTHENTICATE PLAIN → AUTHENTICATE + → AUTHENTICATE base64 → 903 → CAP END → 001 → JOIN → 366
    private async Task JoinAsync(CancellationToken cancellationToken)
    {
        var isLoggedIn = string.IsNullOrEmpty(_options.Username);
        var asked = new HashSet<string>();
        foreach (var capability in (string?[])[isLoggedIn ? null : Sasl, _heard is null ? null : Accounts])
        {
            if (capability is not null)
            {
                asked.Add(capability);
                await SendAsync($"CAP REQ :{capability}", cancellationToken);
            }
        }

        await SendAsync($"NICK {_nick}", cancellationToken);
        await SendAsync($"USER {_options.Nick} 0 * :Notifier", cancellationToken);
        while (await _reader.ReadLineAsync(cancellationToken) is { } text)
        {
            var line = IrcLine.Parse(text);
            switch (line.Command)
            {
                case "PING":
                    await SendAsync($"PONG :{line.Last}", cancellationToken);
                    break;
                case "CAP" when line.Last.Trim() == Accounts:
                    HasAccounts = line.Parameters.Contains("ACK");
                    await AnsweredAsync(Accounts);
                    break;
                case "CAP" when line.Parameters.Contains("ACK"):
                    await SendAsync("AUTHENTICATE PLAIN", cancellationToken);
                    break;
                case "AUTHENTICATE":
                    await SendAsync($"AUTHENTICATE {Plain()}", cancellationToken);
                    break;
                case "903":
                    isLoggedIn = true;
                    await AnsweredAsync(Sasl);
                    break;
                case "421" when isLoggedIn:
                    break;
                case "433":
                    _nick = $"{_options.Nick}{Random.Shared.Next(100, 1000)}";
                    await SendAsync($"NICK {_nick}", cancellationToken);
                    break;
                case "001" when isLoggedIn:
                    await SendAsync($"JOIN {_options.Channel}", cancellationToken);
                    break;
                case "366":
                    return;
                case "CAP" or "421" or "001":
                    throw new ChannelException("The IRC server doesn't offer SASL.");
                case "902" or "904" or "905" or "906" or "908":
                    throw new ChannelException($"The IRC server refuses the account '{_options.Username}': {line.Last}");
                case "403" or "405" or "432" or "437" or "464" or "465" or "ERROR": // no channel, bad nick, password, ban
                case "471" or "473" or "474" or "475" or "476" or "477": // full, by invitation, ban, key, bad name, account
                    throw new ChannelException($"The IRC server refuses {_options.Nick} or {_options.Channel}: {line.Last}");
                default:
                    break;
            }
        }

        throw new IOException("The IRC server has ended the connection.");

        async Task AnsweredAsync(string capability)
        {
            if (asked.Remove(capability) && asked.Count == 0)
            {
                await SendAsync("CAP END", cancellationToken);
            }
        }
    }

    private string Plain() =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"{_options.Username}\0{_options.Username}\0{_options.Password}"));
}
