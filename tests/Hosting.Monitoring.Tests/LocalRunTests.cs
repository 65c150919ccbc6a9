using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;
using MonoRepo.Hosting.Kubernetes.Picture;
using MonoRepo.Hosting.Monitoring.Local;

namespace MonoRepo.Tests;

/// <summary>The real graph under the real Prometheus and Alertmanager.</summary>
public sealed class LocalRunTests(MonitoredRun run) : IClassFixture<MonitoredRun>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryTargetIsUp()
    {
        run.SkipUnlessInstalled();

        var targets = await run.EventuallyAsync(
            () => run.Prometheus.TargetsAsync(Token), t => t.Count >= run.Replicas && t.All(x => x.Health == "up"));

        Assert.Equal(run.ScrapedInstances.Order(), targets.Select(t => t.Pod).Order());
    }

    [Fact]
    public async Task EveryExpressionOfEveryDashboardAndRuleReturnsSeries()
    {
        run.SkipUnlessInstalled();

        foreach (var (where, expression) in run.Expressions)
        {
            await run.EventuallyAsync(
                () => run.Prometheus.CountAsync(expression, Token), count => count > 0, $"{where}: no series for {expression}");
        }
    }

    [Fact]
    public async Task GraphLive_ShowsTheCallsBetweenServices()
    {
        run.SkipUnlessInstalled();

        var calls = await run.EventuallyAsync(
            () => LiveCalls.ReadAsync(run.Prometheus.Address, Token),
            c => c.TryGetValue(("routeguide-client", "routeguide-server"), out var edge) && edge.PerSecond > 0.01);

        var edge = calls[("routeguide-client", "routeguide-server")];
        Assert.InRange(edge.PerSecond, 0.01, 100);
        Assert.InRange(edge.P99Milliseconds!.Value, 0.01, 60_000);
        var error = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => LiveCalls.ReadAsync(new("http://127.0.0.1:1"), Token));
        Assert.StartsWith("Prometheus at http://127.0.0.1:1/ can't be queried: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAlertReachesTheWebhook()
    {
        run.SkipUnlessInstalled();

        var body = await run.Webhook.FirstAsync(Token);

        Assert.Contains("\"alertname\":\"TestTargetUp\"", body, StringComparison.Ordinal);
        Assert.Contains("/runbooks/TestTargetUp.md", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAlertReachesTheNotifier()
    {
        run.SkipUnlessInstalled();

        await run.EventuallyAsync(
            () => run.Prometheus.CountAsync("notifier_queue_length{receiver=\"nobody\"} > 0", Token), count => count > 0,
            "It wasn't told.");
    }

    [Fact]
    public async Task AnAlertIsSilencedByCommand_WhileAlertmanagerRuns()
    {
        run.SkipUnlessInstalled();
        const string Resource = "alertmanager";
        var id = (await run.WaitForCommandAsync(Resource, SilenceCommands.Silence, ResourceCommandState.Enabled)).ResourceId;
        using var alertmanager = run.CreateClient(Resource);
        object[] alerts = [new { labels = new { alertname = "Restarts", environment = "personal" } }];
        (await alertmanager.PostAsJsonAsync("/api/v2/alerts", alerts, Token)).EnsureSuccessStatusCode();

        var answer = await run.CommandAsync(
            id, SilenceCommands.Silence, (SilenceCommands.Alert, "Restarts"), (SilenceCommands.Minutes, "15"),
            (SilenceCommands.Comment, ""));

        Assert.StartsWith("Restarts is silenced until ", answer, StringComparison.Ordinal);
        await run.EventuallyAsync(StateAsync, state => state == "suppressed");
        Assert.Equal("1 silence ended.", await run.CommandAsync(id, SilenceCommands.Expire));
        await run.EventuallyAsync(StateAsync, state => state == "active");
        Assert.Equal("0 silences ended.", await run.CommandAsync(id, SilenceCommands.Expire));

        await run.CommandAsync(id, KnownResourceCommands.StopCommand);
        await run.WaitForCommandAsync(Resource, SilenceCommands.Silence, ResourceCommandState.Disabled);
        await run.CommandAsync(id, KnownResourceCommands.StartCommand);
        await run.WaitForCommandAsync(Resource, SilenceCommands.Silence, ResourceCommandState.Enabled);

        async Task<string?> StateAsync()
        {
            var all = await alertmanager.GetFromJsonAsync<JsonArray>("/api/v2/alerts", Token);
            return (string?)all!.FirstOrDefault(a => (string?)a!["labels"]!["alertname"] == "Restarts")?["status"]!["state"];
        }
    }

    [Fact]
    public async Task TheTargetsFollowTheReplicas()
    {
        run.SkipUnlessInstalled();
        var stopped = run.ScrapedInstances.First(i => i.StartsWith("routeguide-server", StringComparison.Ordinal));

        await run.CommandAsync(stopped, KnownResourceCommands.StopCommand);
        await run.EventuallyAsync(() => run.Prometheus.TargetsAsync(Token), t => t.All(x => x.Pod != stopped));
        await run.CommandAsync(stopped, KnownResourceCommands.StartCommand);
        await run.EventuallyAsync(
            () => run.Prometheus.TargetsAsync(Token), t => t.Any(x => x.Pod == stopped && x.Health == "up"));
    }
}
