using System.Text;
using System.Text.RegularExpressions;
using System.Threading.RateLimiting;
using MonoRepo.Notifier.Commands;
using MonoRepo.Notifier.Sending;

namespace MonoRepo.Notifier.Channels;

/// <summary>A channel of an IRC network.</summary>
internal sealed partial class IrcOptions
{
    public string? Server { get; set; }

    public int Port { get; set; } = 6697;

    public bool Tls { get; set; } = true;

    /// <summary>A file with the certificate (PEM) of the server's authority; null for those that the system knows.</summary>
    public string? CertificateAuthority { get; set; }

    public string? Channel { get; set; }

    public string Nick { get; set; } = "notifier";

    /// <summary>With a password: the account to log in to, by SASL PLAIN.</summary>
    public string? Username { get; set; }

    public string? Password { get; set; }

    /// <summary>Who may use commands: accounts, separated by commas; nicks where the server tells no accounts.</summary>
    public string? Operators { get; set; }

    public IReadOnlySet<string> ReadOperators() =>
        (Operators ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrWhiteSpace(Server) || Port is < 1 or > 65535)
        {
            yield return $"Irc__Server is '{Server}' and Port {Port}; they are a host such as irc.example.org and its port.";
        }

        if (!ChannelName().IsMatch(Channel ?? ""))
        {
            yield return $"Irc__Channel is '{Channel}'; it is a channel such as #ops.";
        }

        if (!NickName().IsMatch(Nick))
        {
            yield return $"Irc__Nick is '{Nick}'; it is a name such as notifier.";
        }

        if (string.IsNullOrEmpty(Username) != string.IsNullOrEmpty(Password))
        {
            yield return "Irc__Username and …Password go together.";
        }
        else if (!string.IsNullOrEmpty(Username) && !Tls)
        {
            yield return "Irc__Tls is false: a password is only sent by TLS.";
        }

        if (CertificateAuthority is { } file && !File.Exists(file))
        {
            yield return $"Irc__CertificateAuthority: there is no file '{file}'.";
        }
    }

    [GeneratedRegex(@"^[#&+!][^\s,:\a]{1,49}$")]
    private static partial Regex ChannelName();

    [GeneratedRegex(@"^[A-Za-z\[\]\\`_^{|}][-\w\[\]\\`^{|}]{0,15}$")]
    private static partial Regex NickName();
}

/// <summary>Says notifications in a channel, over a connection that it keeps.</summary>
internal sealed class IrcChannel(IrcOptions options, ChatCommands? commands = null) : IChannel
{
    // With the prefix that servers put before it, a line has 512 bytes.
    private const int MaxBytes = 400;

    // What a server takes from anybody without calling it a flood.
    private readonly TokenBucketRateLimiter _flood = new(new()
    {
        TokenLimit = 8,
        TokensPerPeriod = 1,
        ReplenishmentPeriod = TimeSpan.FromSeconds(2),
        QueueLimit = 100,
    });

    // Answers take little of that: news comes first, whatever is asked.
    private readonly TokenBucketRateLimiter _answers = Few(5, seconds: 3, queue: 5);
    private readonly TokenBucketRateLimiter _refusals = Few(1, seconds: 10, queue: 0);
    private readonly IReadOnlySet<string> _operators = options.ReadOperators();

    private IrcConnection? _connection;

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        if (_connection is not { IsOpen: true })
        {
            await DisposeAsync();
            var heard = commands is null || _operators.Count == 0 ? (Action<IrcConnection, IrcLine>?)null : Hear;
            _connection = await IrcConnection.OpenAsync(options, heard, cancellationToken);
        }
    }

    public async Task SendAsync(Notification message, CancellationToken cancellationToken)
    {
        // For all of its lines, so that a message isn't cut short.
        using var lease = await _flood.AcquireAsync(message.Lines.Count, cancellationToken);
        await OpenAsync(cancellationToken);
        var connection = _connection!;
        try
        {
            foreach (var line in message.Lines)
            {
                await connection.SendAsync($"PRIVMSG {options.Channel} :{Cut(line)}", cancellationToken);
            }

            await connection.ConfirmAsync(cancellationToken);
        }
        catch
        {
            // Whatever is under way on it: the next message gets another one, which joins anew.
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _connection, null) is { } connection)
        {
            await connection.DisposeAsync();
        }
    }

    private static TokenBucketRateLimiter Few(int burst, int seconds, int queue) => new(new()
    {
        TokenLimit = burst,
        TokensPerPeriod = 1,
        ReplenishmentPeriod = TimeSpan.FromSeconds(seconds),
        QueueLimit = queue,
    });

    private void Hear(IrcConnection connection, IrcLine line)
    {
        if (line.Last.StartsWith('!') && line.Last.Length > 1 && char.IsAsciiLetter(line.Last[1]) && line.Nick is not null)
        {
            // What the connection reads next must not wait for it.
            _ = AnswerAsync(connection, line).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private async Task AnswerAsync(IrcConnection connection, IrcLine line)
    {
        var who = connection.HasAccounts ? line.Account : line.Nick;
        var isOperator = who is not null && _operators.Contains(who);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var turn = await (isOperator ? _answers : _refusals).AcquireAsync(1, limit.Token);
        if (!turn.IsAcquired)
        {
            return;
        }

        var answer = isOperator
            ? await commands!.AnswerAsync(who!, line.Last, limit.Token)
            : [$"{line.Nick} isn't an operator{(connection.HasAccounts && who is null ? ", or isn't logged in" : "")}."];
        using var lease = await _flood.AcquireAsync(answer.Count, limit.Token);
        foreach (var text in lease.IsAcquired ? answer : [])
        {
            await connection.SendAsync($"PRIVMSG {options.Channel} :{Cut(text)}", limit.Token);
        }
    }

    /// <summary>One line of text that fits, whatever an alert has in it: a line break would begin a command.</summary>
    internal static string Cut(string text)
    {
        var line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        var bytes = Encoding.UTF8.GetBytes(line);
        if (bytes.Length <= MaxBytes)
        {
            return line;
        }

        var length = MaxBytes;
        while ((bytes[length] & 0xC0) == 0x80)
        {
            length--;
        }

        return Encoding.UTF8.GetString(bytes, 0, length) + "…";
    }
}
