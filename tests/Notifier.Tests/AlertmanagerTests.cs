using System.Net.Http.Json;
using static MonoRepo.Tests.NotifierProcess;

namespace MonoRepo.Tests;

/// <summary>A real Alertmanager in front of it.</summary>
public sealed class AlertmanagerTests(SharedRedis redis)
{
    [Fact]
    public async Task Alert_ReachesThePhone_WhenItFiresAndWhenItIsOver()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var fcm = await FcmStandIn.StartAsync();
        await using var notifier = await StartAsync(redis.ConnectionString, fcm.Receiver("paged"));
        using var folder = new TemporaryFolder();
        var port = Tools.FreePort();
        var configuration = folder.Write("alertmanager.yml", $$"""
            route: { receiver: notifier, group_by: [alertname], group_wait: 100ms, group_interval: 1s, repeat_interval: 1h }
            receivers:
            - name: notifier
              webhook_configs:
              - url: {{notifier.Alerts}}
                http_config: { authorization: { credentials: {{Token}} } }
            """);
        using var alertmanager = await ToolProcess.StartAsync(
            "prometheus-alertmanager", port, $"--config.file={configuration}", $"--storage.path={folder.Path}",
            $"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=");
        using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };
        var labels = new { alertname = "RedisSlotsLost", severity = "page" };
        var annotations = new { summary = "redis serves 0 of 16384 slots." };
        object[] firing = [new { labels, annotations }];

        (await http.PostAsJsonAsync("/api/v2/alerts", firing, cancellation)).EnsureSuccessStatusCode();
        await Eventually.HoldsAsync(() => !fcm.Messages.IsEmpty, "it is told");
        object[] resolved = [new { labels, annotations, endsAt = DateTimeOffset.UtcNow }];
        (await http.PostAsJsonAsync("/api/v2/alerts", resolved, cancellation)).EnsureSuccessStatusCode();
        await Eventually.HoldsAsync(() => fcm.Messages.Count > 1, "its end is told");

        Assert.Equal(["FIRING RedisSlotsLost", "RESOLVED RedisSlotsLost"], fcm.Titles);
        Assert.Equal("FIRING page RedisSlotsLost: redis serves 0 of 16384 slots.", fcm.Bodies.First());
    }
}
