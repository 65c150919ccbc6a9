using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;

namespace MonoRepo.Tests;

/// <summary>The real graph under the real Prometheus and Alertmanager.</summary>
public sealed class LocalRunTests(MonitoredRun run) : IClassFixture<MonitoredRun>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryTargetIsUp()
    {
        run.SkipUnlessInstalled();

        var targets = await run.EventuallyAsync(() => run.Prometheus.TargetsAsync(Token), t => t.Count >= run.Replicas && t.All(x => x.Health == "up"));

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
    public async Task AnAlertReachesTheWebhook()
    {
        run.SkipUnlessInstalled();

        var body = await run.Webhook.FirstAsync(Token);

        Assert.Contains("\"alertname\":\"TestTargetUp\"", body, StringComparison.Ordinal);
        Assert.Contains("docs/runbooks/TestTargetUp.md", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheTargetsFollowTheReplicas()
    {
        run.SkipUnlessInstalled();
        var stopped = run.ScrapedInstances.First(i => i.StartsWith("routeguide-server", StringComparison.Ordinal));

        await run.CommandAsync(stopped, KnownResourceCommands.StopCommand);
        await run.EventuallyAsync(() => run.Prometheus.TargetsAsync(Token), t => t.All(x => x.Pod != stopped));
        await run.CommandAsync(stopped, KnownResourceCommands.StartCommand);
        await run.EventuallyAsync(() => run.Prometheus.TargetsAsync(Token), t => t.Any(x => x.Pod == stopped && x.Health == "up"));
    }
}
