using System.Text.RegularExpressions;
using MonoRepo.Hosting.Monitoring;
using MonoRepo.Hosting.Monitoring.Prometheus;

namespace MonoRepo.Tests;

/// <summary>Rules under Prometheus' own tool: that they are right, and when each alert fires.</summary>
public sealed partial class RuleTests : IDisposable
{
    private static readonly string s_scenarios = Repository.PathOf("tests", "Hosting.Monitoring.Tests", "Scenarios");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task PromtoolFindsNothingWrong()
    {
        var rules = _folder.Write("rules.json", Rules.Text);

        var run = await Tools.RunAsync("promtool", ["check", "rules", rules]);

        Assert.DoesNotContain("duplicate", run.Succeeded() + run.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task EveryScenarioHolds()
    {
        _folder.Write("rules.json", Rules.Text);
        var files = Directory.GetFiles(s_scenarios, "*.yaml").Select(path =>
        {
            var copy = Path.Combine(_folder.Path, Path.GetFileName(path));
            File.Copy(path, copy);
            return copy;
        });

        (await Tools.RunAsync("promtool", ["test", "rules", .. files])).Succeeded();
    }

    /// <summary>Of a run on this machine nothing has been scraped in the beginning.</summary>
    [Fact]
    public async Task LocalRun_MissesNothingInTheFirstMinute()
    {
        var groups = RuleSet.Of(
            MonitoredGraph.Read(Shop.Create().Resources, null), new(), isLocal: true).SelectMany(r => r.File.Groups);
        _folder.Write("rules.json", Json.SnakeCase(new RuleFile([.. groups])));
        var scenario = _folder.Write("local.yaml", """
            rule_files: [rules.json]
            evaluation_interval: 1m
            tests:
            - interval: 1m
              promql_expr_test:
              - { expr: 'ALERTS{alertname="NoData"}', eval_time: 0m, exp_samples: [] }
              - { expr: 'count(ALERTS{alertname="NoData",job="catalog",alertstate="pending"})', eval_time: 2m, exp_samples: [{ labels: '{}', value: 1 }] }
              - { expr: 'count(ALERTS{alertname="NoData",job="catalog",alertstate="firing"})', eval_time: 7m, exp_samples: [{ labels: '{}', value: 1 }] }
            """);

        (await Tools.RunAsync("promtool", ["test", "rules", scenario])).Succeeded();
    }

    [Fact]
    public void EveryAlertHasAScenarioInWhichItFiresAndOneInWhichItDoesNot()
    {
        var scenarios = Directory.GetFiles(s_scenarios, "*.yaml").SelectMany(path => Scenario().Matches(File.ReadAllText(path)))
            .Select(m => (Alert: m.Groups[1].Value, Fires: !m.Groups[2].Value.Contains("[]", StringComparison.Ordinal)))
            .Distinct().ToList();

        Assert.All(Rules.Alerts.Select(r => r.Alert!).Distinct(), alert =>
        {
            Assert.Contains((alert, true), scenarios);
            Assert.Contains((alert, false), scenarios);
        });
    }

    [Fact]
    public void EveryAlertNamesItsSeverityRunbookAndDashboard() => Assert.All(Rules.Alerts, rule =>
    {
        Assert.Matches("^(page|ticket)$", rule.Labels!["severity"]);
        Assert.Equal($"docs/runbooks/{rule.Alert}.md", rule.Annotations!["runbook_url"]);
        Assert.StartsWith("/d/", rule.Annotations["dashboard_url"], StringComparison.Ordinal);
        Assert.NotEmpty(rule.Annotations["summary"]);
    });

    // alertname: X … exp_alerts: [] or a list on the next lines
    [GeneratedRegex("alertname: (\\w+)\\n\\s*exp_alerts:([^\\n]*)")]
    private static partial Regex Scenario();
}
