using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using MonoRepo.Notifier.Sending;

namespace MonoRepo.Notifier.Channels;

/// <summary>Mailboxes, and the SMTP server that takes mail for them.</summary>
internal sealed class EmailOptions
{
    public string? Server { get; set; }

    public int Port { get; set; } = 587;

    /// <summary>STARTTLS; on port 465, where servers expect it, TLS from the first byte.</summary>
    public bool Tls { get; set; } = true;

    /// <summary>A file with the certificate (PEM) of the server's authority; null for those that the system knows.</summary>
    public string? CertificateAuthority { get; set; }

    /// <summary>With a password: the account to log in to.</summary>
    public string? Username { get; set; }

    public string? Password { get; set; }

    public string? From { get; set; }

    /// <summary>Addresses, separated by commas.</summary>
    public string? To { get; set; }

    public MailboxAddress? ReadFrom() =>
        MailboxAddress.TryParse(From ?? "", out var address) && address.Domain.Length > 0 ? address : null;

    public IReadOnlyList<MailboxAddress> ReadTo() =>
        InternetAddressList.TryParse(To ?? "", out var all) && all.All(one => one is MailboxAddress { Domain.Length: > 0 })
            ? [.. all.Mailboxes]
            : [];

    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrWhiteSpace(Server) || Port is < 1 or > 65535)
        {
            yield return $"Email__Server is '{Server}' and Port {Port}; they are a host such as smtp.example.org and its port.";
        }

        if (ReadFrom() is null)
        {
            yield return $"Email__From is '{From}'; it is an address such as notifier@example.org.";
        }

        if (ReadTo().Count == 0)
        {
            yield return $"Email__To is '{To}'; it is one or more addresses such as ops@example.org, separated by commas.";
        }

        if (string.IsNullOrEmpty(Username) != string.IsNullOrEmpty(Password))
        {
            yield return "Email__Username and …Password go together.";
        }
        else if (!string.IsNullOrEmpty(Username) && !Tls)
        {
            yield return "Email__Tls is false: a password is only sent by TLS.";
        }

        if (CertificateAuthority is { } file && !File.Exists(file))
        {
            yield return $"Email__CertificateAuthority: there is no file '{file}'.";
        }
    }
}

/// <summary>Sends by SMTP, over a connection for each message: servers end those that are idle.</summary>
internal sealed class EmailChannel(EmailOptions options) : IChannel
{
    private readonly MailboxAddress _from = options.ReadFrom()!;
    private readonly IReadOnlyList<MailboxAddress> _to = options.ReadTo();

    /// <summary>Which recipients of a message are done, and why the server refused some, until all of them are.</summary>
    private readonly Dictionary<MailboxAddress, string?> _done = [];

    private string? _messageId;
    private bool _isProven;

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        if (!_isProven)
        {
            using var client = await ConnectAsync(cancellationToken);
            await client.DisconnectAsync(true, cancellationToken);
        }
    }

    public async Task SendAsync(Notification message, CancellationToken cancellationToken)
    {
        using var mail = Write(message);
        if (_messageId != mail.MessageId)
        {
            _done.Clear();
            _messageId = mail.MessageId;
        }

        using var client = await ConnectAsync(cancellationToken);
        string? problem = null;

        // One by one: a mailbox that is full must not keep the others from it, nor get it to them again.
        foreach (var recipient in _to.Where(one => !_done.ContainsKey(one)))
        {
            try
            {
                await client.SendAsync(mail, _from, [recipient], cancellationToken);
                _done[recipient] = null;
            }
            catch (SmtpCommandException exception) when ((int)exception.StatusCode >= 500)
            {
                _done[recipient] = Describe(recipient, exception);
            }
            catch (SmtpCommandException exception) when (client.IsConnected)
            {
                problem = Describe(recipient, exception);
            }
        }

        await client.DisconnectAsync(true, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (problem is not null)
        {
            throw new ChannelException(problem);
        }

        if (_done.Values.Where(reason => reason is not null).ToList() is { Count: > 0 } refused)
        {
            throw new ChannelException(string.Join(" ", refused)) { IsFinal = true };
        }
    }

    public ValueTask DisposeAsync()
    {
        _isProven = false;
        return ValueTask.CompletedTask;
    }

    private static string Describe(MailboxAddress recipient, SmtpCommandException exception) =>
        $"The SMTP server answered {(int)exception.StatusCode} for {recipient.Address}: {exception.Message}";

    private async Task<SmtpClient> ConnectAsync(CancellationToken cancellationToken)
    {
        // A list of revoked certificates is seldom within reach of where this runs.
        var client = new SmtpClient { CheckCertificateRevocation = false };
        try
        {
            if (CertificateTrust.Read(options.CertificateAuthority) is { } trust)
            {
                client.ServerCertificateValidationCallback = (_, certificate, chain, errors) =>
                    IsTrusted(trust, certificate, chain, errors);
            }

            await client.ConnectAsync(
                options.Server!, options.Port, options switch
                {
                    { Tls: false } => SecureSocketOptions.None,
                    { Port: 465 } => SecureSocketOptions.SslOnConnect,
                    _ => SecureSocketOptions.StartTls,
                },
                cancellationToken);
            if (!string.IsNullOrEmpty(options.Username))
            {
                await client.AuthenticateAsync(options.Username, options.Password!, cancellationToken);
            }

            _isProven = true;
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private static bool IsTrusted(X509ChainPolicy trust, X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors)
    {
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0)
        {
            return false;
        }

        using var chain = new X509Chain { ChainPolicy = trust };
        chain.ChainPolicy.ExtraStore.AddRange(sent?.ChainPolicy.ExtraStore ?? []);
        return chain.Build((X509Certificate2)certificate);
    }

    private MimeMessage Write(Notification message)
    {
        var mail = new MimeMessage
        {
            Subject = string.Concat(message.Title.Select(c => char.IsControl(c) ? ' ' : c)),
            Date = message.Since,
            Importance = message.IsPage ? MessageImportance.High : MessageImportance.Normal,
            Body = new TextPart("plain") { Text = message.Text ?? string.Join('\n', message.Lines) },

            // The same for each attempt, whichever replica makes it; another one for the reminder of the same news.
            MessageId = $"{Digest(message)}@{_from.Domain}",
        };
        mail.From.Add(_from);
        mail.To.AddRange(_to);

        // Nobody's out-of-office reply is wanted (RFC 3834).
        mail.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return mail;
    }

    private static string Digest(Notification message) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(message)).AsSpan(0, 16));
}
