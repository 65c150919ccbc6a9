using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MonoRepo.Notifier.Channels;
using MonoRepo.Notifier.Sending;
using static MonoRepo.Tests.NotifierProcess;

namespace MonoRepo.Tests;

/// <summary>IRC: a real ngircd with TLS, and for SASL, which it hasn't, a stand-in.</summary>
public sealed class IrcTests(SharedRedis redis) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ServerThatWasAway_HearsEverythingOnce()
    {
        var (authority, key) = TestCertificate.Write(_folder);
        var (plain, tls) = (Tools.FreePort(), Tools.FreePort());
        var file = _folder.Write("ngircd.conf", $"""
            [Global]
            Name = irc.example.org
            Info = test
            Listen = 127.0.0.1
            Ports = {plain}
            MotdPhrase = Hello
            [Limits]
            MaxConnectionsIP = 0
            [Options]
            DNS = no
            Ident = no
            PAM = no
            [SSL]
            CertFile = {authority}
            KeyFile = {key}
            Ports = {tls}
            """);
        var server = await ToolProcess.StartAsync("ngircd", plain, "--nodaemon", "--config", file);
        await using var notifier = await StartAsync(
            redis.ConnectionString, ("Receivers__irc__Irc__Server", "localhost"), ("Receivers__irc__Irc__Port", $"{tls}"),
            ("Receivers__irc__Irc__CertificateAuthority", authority), ("Receivers__irc__Irc__Channel", "#ops"));

        using (var person = await IrcPerson.JoinAsync(plain))
        {
            Assert.Equal(200, await notifier.PostAsync(Group("First", "page")));
            await Eventually.HoldsAsync(() => !person.Heard.IsEmpty, "the first is heard");
            Assert.Equal(["FIRING page First: First has happened. docs/runbooks/First.md"], person.Heard);
        }

        await notifier.WaitForAsync("irc", "sent", 1);
        server.Dispose();
        Assert.Equal(200, await notifier.PostAsync(Group("Second")));
        Assert.Equal(200, await notifier.PostAsync(Group("Third")));
        await notifier.WaitForQueueAsync("irc", 2);
        using var again = await ToolProcess.StartAsync("ngircd", plain, "--nodaemon", "--config", file);
        using var waiting = await IrcPerson.JoinAsync(plain);
        Assert.Equal(200, await notifier.PostAsync(Group("Fourth")));
        await notifier.WaitForAsync("irc", "sent", 4);

        // Who joins after a message doesn't hear it; what is heard is heard once.
        await Eventually.HoldsAsync(
            () => waiting.Heard.Any(line => line.Contains("Fourth", StringComparison.Ordinal)), "the last is heard");
        Assert.Equal(waiting.Heard.Distinct(), waiting.Heard);
    }

    [Theory]
    [InlineData("right", null)]
    [InlineData("wrong", "refuses the account 'bot'")]
    public async Task Account_IsProvenBySasl(string password, string? problem)
    {
        using var certificate = TestCertificate.Make();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var said = ServeAsync(listener, certificate);
        await using var channel = new IrcChannel(new()
        {
            Server = "localhost",
            Port = ((IPEndPoint)listener.LocalEndpoint).Port,
            Channel = "#ops",
            Username = "bot",
            Password = password,
            CertificateAuthority = _folder.Write("ca.pem", certificate.ExportCertificatePem()),
        });
        var sending = channel.SendAsync(new("id", true, default, "title", ["one\r\nQUIT", "two"]), Cancellation);

        if (problem is not null)
        {
            var refused = await Assert.ThrowsAsync<ChannelException>(() => sending);
            Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
            return;
        }

        await sending;
        Assert.Equal(
            [
                "CAP REQ :sasl", "NICK notifier", "USER notifier 0 * :Notifier",
                "AUTHENTICATE PLAIN", "AUTHENTICATE Ym90AGJvdAByaWdodA==", "CAP END", "JOIN #ops",
                "PRIVMSG #ops :one  QUIT", "PRIVMSG #ops :two", "PING :notifier",
            ],
            await said);
    }

    [Theory]
    [InlineData(":irc 353 me = #ops :me @you", "353", "me|=|#ops|me @you")]
    [InlineData("@time=1 :irc PING :a b\r", "PING", "a b")]
    [InlineData("ERROR", "ERROR", "")]
    [InlineData("  ", "", "")]
    [InlineData("@time=1;account=jane :j!u@h PRIVMSG #ops :!ack X", "PRIVMSG", "#ops|!ack X")]
    public void Lines_AreRead(string text, string command, string parameters)
    {
        var line = IrcLine.Parse(text);

        Assert.Equal((command, parameters), (line.Command, string.Join('|', line.Parameters)));
    }

    [Fact]
    public void LongLines_AreCutBetweenLetters()
    {
        var line = IrcChannel.Cut(new string('a', 399) + "ä" + new string('b', 200));

        Assert.Equal(new string('a', 399) + "…", line);
    }

    /// <summary>A server of one client: all that it said until it asked for an answer.</summary>
    private static async Task<List<string>> ServeAsync(TcpListener listener, X509Certificate2 certificate)
    {
        using var client = await listener.AcceptTcpClientAsync(Cancellation);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsServerAsync(certificate);
        using var reader = new StreamReader(tls);
        var said = new List<string>();
        while (await reader.ReadLineAsync(Cancellation) is { } line)
        {
            said.Add(line);
            var answer = line.Split(' ') switch
            {
                ["CAP", "REQ", ..] => ":irc CAP * ACK :sasl",
                ["AUTHENTICATE", "PLAIN"] => "AUTHENTICATE +",
                ["AUTHENTICATE", "Ym90AGJvdAByaWdodA=="] => ":irc 903 * :in",
                ["AUTHENTICATE", _] => ":irc 904 * :failed",
                ["CAP", "END"] => ":irc 001 notifier :Welcome",
                ["JOIN", ..] => ":irc 366 notifier #ops :End",
                ["PING", var token] => $":irc PONG irc {token}",
                _ => null,
            };
            await tls.WriteAsync(answer is null ? [] : Encoding.UTF8.GetBytes(answer + "\r\n"), Cancellation);
            if (line.StartsWith("PING", StringComparison.Ordinal))
            {
                break;
            }
        }

        return said;
    }
}
