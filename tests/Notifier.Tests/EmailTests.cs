using MailKit.Security;
using MimeKit;
using MonoRepo.Notifier.Channels;
using StackExchange.Redis;
using static MonoRepo.Tests.NotifierProcess;

namespace MonoRepo.Tests;

/// <summary>From Alertmanager's webhook to mailboxes, by a real SMTP server.</summary>
public sealed class EmailTests : IDisposable
{
    private readonly SharedRedis _redis;
    private readonly TemporaryFolder _folder = new();
    private readonly SmtpServer _server;

    public EmailTests(SharedRedis redis) => (_redis, _server) = (redis, new(_folder));

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task ServerThatWasAway_GetsEverythingOnce_ByTlsFromAnAccount()
    {
        var (authority, key) = TestCertificate.Write(_folder);
        await _server.StartAsync(authority, key);
        await using var notifier = await StartAsync(_redis.ConnectionString, _server.Receiver(
            "mail", ("CertificateAuthority", authority), ("Username", "bot"), ("Password", "right")));

        Assert.Equal(200, await notifier.PostAsync(Group("First", "page")));
        await notifier.WaitForAsync("mail", "sent", 1);
        Assert.Equal(["ops@example.org", "jane@example.org"], _server.Mail.Select(Recipients));
        var mail = _server.Mail[0];
        Assert.Equal("FIRING First", mail.Subject);
        Assert.Equal("FIRING page First: First has happened. docs/runbooks/First.md", mail.TextBody?.TrimEnd());
        Assert.Equal(("\"Notifier\" <notifier@example.org>", 2), (mail.From.ToString(), mail.To.Count));
        Assert.Equal((MessageImportance.High, "auto-generated"), (mail.Importance, mail.Headers[HeaderId.AutoSubmitted]));

        _server.Dispose();
        Assert.Equal(200, await notifier.PostAsync(Group("Second")));
        Assert.Equal(200, await notifier.PostAsync(Group("Third")));
        await notifier.WaitForQueueAsync("mail", 2);
        await _server.StartAsync(authority, key);
        await notifier.WaitForAsync("mail", "sent", 3);

        string[] subjects = ["FIRING First", "FIRING Second", "FIRING Third"];
        Assert.Equal(subjects.SelectMany(one => (string[])[one, one]), _server.Mail.Select(one => one.Subject));
        Assert.Equal(3, _server.Mail.DistinctBy(one => one.MessageId).Count());
    }

    [Fact]
    public async Task RecipientThatIsBusy_GetsItLater_AndTheOthersGetItOnce()
    {
        await _server.StartAsync();
        _server.Answer("ops@example.org", "450 4.2.1 The mailbox is busy");
        await using var notifier = await StartAsync(_redis.ConnectionString, _server.Receiver("busy", ("Tls", "false")));

        Assert.Equal(200, await notifier.PostAsync(Group("First")));
        await notifier.WaitForAsync("busy", "retried", 2);
        _server.Answer("ops@example.org", null);
        await notifier.WaitForAsync("busy", "sent", 1);

        Assert.Equal(["jane@example.org", "ops@example.org"], _server.Mail.Select(Recipients));
        Assert.Single(_server.Mail.DistinctBy(one => one.MessageId));
        Assert.Equal(MessageImportance.Normal, _server.Mail[0].Importance);
    }

    [Fact]
    public async Task RecipientThatIsUnknown_IsSetAside_AndTheOthersGetIt()
    {
        await _server.StartAsync();
        _server.Answer("ops@example.org", "550 5.1.1 No such user");
        await using var notifier = await StartAsync(_redis.ConnectionString, _server.Receiver("unknown", ("Tls", "false")));

        Assert.Equal(200, await notifier.PostAsync(Group("First")));
        await notifier.WaitForAsync("unknown", "refused", 1);

        Assert.Equal(["jane@example.org"], _server.Mail.Select(Recipients));
        await using var connection = await ConnectionMultiplexer.ConnectAsync(_redis.ConnectionString);
        var dead = Assert.Single(await connection.GetDatabase().StreamRangeAsync("notifier:{unknown}:dead"));
        Assert.Equal("The SMTP server answered 550 for ops@example.org: 5.1.1 No such user", dead["reason"]);
        await notifier.WaitForQueueAsync("unknown", 0);
    }

    [Fact]
    public async Task PasswordOrCertificateThatIsWrong_IsNotFinal()
    {
        var (authority, key) = TestCertificate.Write(_folder);
        await _server.StartAsync(authority, key);
        using var other = TestCertificate.Make();
        await using var untrusting = Channel(_folder.Write("other.pem", other.ExportCertificatePem()), "right");
        await using var unknown = Channel(authority, "wrong");
        await using var right = Channel(authority, "right");

        await Assert.ThrowsAsync<SslHandshakeException>(() => untrusting.OpenAsync(TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<AuthenticationException>(() => unknown.OpenAsync(TestContext.Current.CancellationToken));
        await right.OpenAsync(TestContext.Current.CancellationToken);
    }

    private static string Recipients(MimeMessage mail) => mail.Headers["X-Recipients"] ?? "";

    private EmailChannel Channel(string authority, string password) => new(new()
    {
        Server = "localhost",
        Port = _server.Port,
        CertificateAuthority = authority,
        Username = "bot",
        Password = password,
        From = "notifier@example.org",
        To = "ops@example.org",
    });
}
