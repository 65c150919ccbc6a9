using System.Text;
using static MonoRepo.Tests.NotifierProcess;

namespace MonoRepo.Tests;

/// <summary>What a job posts for people to read: all of it by e-mail, its figures to a phone.</summary>
public sealed class ReportTests : IDisposable
{
    private const string Title = "Summary of prod, 2026-11-20 07:00 to 2026-11-27 07:00 UTC";
    private const string Text = "# Summary of prod\n\n## Merged changes\n\n- **hosting**: 74\n";

    private readonly SharedRedis _redis;
    private readonly TemporaryFolder _folder = new();
    private readonly SmtpServer _server;

    public ReportTests(SharedRedis redis) => (_redis, _server) = (redis, new(_folder));

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Report_IsToldOnce_AsAWholeByMail_AndAsFiguresToAPhone()
    {
        await _server.StartAsync();
        await using var fcm = await FcmStandIn.StartAsync();
        await using var notifier = await StartAsync(
            _redis.ConnectionString,
            [
                .. _server.Receiver("reports", ("Tls", "false"), ("To", "ops@example.org")), .. fcm.Receiver("reader"),
                .. fcm.Receiver("pager"), ("Receivers__pager__Severity", "page"),
            ]);
        var report = new { title = Title, figures = new[] { "changes merged: 74", "alerts: 2" }, text = Text };

        Assert.Equal(401, await notifier.PostReportAsync(report, token: "another"));
        Assert.Equal(400, await notifier.PostReportAsync(new { title = Title }));
        Assert.Equal(400, await notifier.PostReportAsync(report with { figures = [.. Enumerable.Repeat("x", 6)] }));
        Assert.Equal(413, await notifier.PostReportAsync(
            new StringContent(new(' ', 1 << 19), Encoding.UTF8, "application/json")));
        Assert.Equal(200, await notifier.PostReportAsync(report));
        Assert.Equal(200, await notifier.PostReportAsync(report));
        await notifier.WaitForAsync("reports", "sent", 1);
        await notifier.WaitForAsync("reader", "sent", 1);

        var mail = Assert.Single(_server.Mail);
        Assert.Equal((Title, Text), (mail.Subject, mail.TextBody?.ReplaceLineEndings("\n")));
        Assert.Equal([Title], fcm.Titles);
        Assert.Equal([$"{Title}\nchanges merged: 74\nalerts: 2"], fcm.Bodies);
    }
}
