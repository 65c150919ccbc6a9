using System.Net;
using System.Text.RegularExpressions;

namespace MonoRepo.Tests;

/// <summary>The pages, as they are sent.</summary>
public sealed partial class PageTests(MonitoredPlaybooks monitored)
{
    [Fact]
    public async Task Alerts_HaveStateLabelsRunbook_TheMostUrgentFirst()
    {
        var page = await monitored.Playbooks.GetPageAsync("/");

        Assert.Equal(
            ["firing TargetDown", "firing Hostile", "pending Unready", "silenced Restarts"],
            AlertRow().Matches(page).Select(row => $"{row.Groups[1].Value} {row.Groups[2].Value}"));
        Assert.Contains($"instance={monitored.Prometheus.Authority} job=prometheus", page, StringComparison.Ordinal);
        Assert.Contains("<td>It is &lt;b&gt;up&lt;/b&gt;.\n<td", page, StringComparison.Ordinal);
        Assert.Contains("<code>alertname=~&quot;Rest.*&quot;</code>", page, StringComparison.Ordinal);
        Assert.Contains("<tr><td>catalog<td>latency<td>99.9 %<td>87.5 %\n<td>&#x2013;</tr>", page, StringComparison.Ordinal);
        Assert.Contains("<td><a href=\"/dashboards/test\">dashboard</a></tr>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/dashboards/test")]
    [InlineData("/search?q=%3Cscript%3E%22%3E")]
    [InlineData("/dashboards/%3Cscript%3E")]
    [InlineData("/runbooks/%3Cscript%3E")]
    [InlineData("/dashboards/test?range=%3Cscript%3E")]
    public async Task HostileText_IsTextAlone(string path)
    {
        var (_, page) = await monitored.Playbooks.GetAsync(path);

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("href=\"javascript", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/runbooks/TargetDown")]
    [InlineData("/runbooks/TargetDown.md")]
    public async Task Runbook_HasTheAlertsStateAndExpression(string path)
    {
        var page = await monitored.Playbooks.GetPageAsync(path);

        Assert.Contains("<h1>TargetDown: firing</h1>", page, StringComparison.Ordinal);
        Assert.Contains("<h2>What to do</h2>", page, StringComparison.Ordinal);
        Assert.Contains(
            "<code>max_over_time(prometheus_ready[1m]) == 1</code><td>"
            + $"<a href=\"{monitored.Prometheus}graph?g0.expr=max_over_time%28prometheus_ready%5B1m",
            page,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runbook_WhoseAlertHasNoRule_SaysSo() =>
        Assert.Contains(
            "<h1>NoData: no rule here</h1>",
            await monitored.Playbooks.GetPageAsync("/runbooks/NoData"),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("/runbooks/..%2F..%2Fappsettings.json", HttpStatusCode.NotFound, "There is no runbook")]
    [InlineData("/dashboards/..%2Fprometheus", HttpStatusCode.NotFound, "There is no dashboard")]
    [InlineData("/nosuch/page.html", HttpStatusCode.NotFound, "There is no page &#x27;/nosuch/page.html&#x27;.")]
    [InlineData("/dashboards/test?range=2h", HttpStatusCode.BadRequest, "The range is &#x27;2h&#x27;. Use 15m, 1h, 6h or 1d.")]
    public async Task WhatIsNotThere_IsOneLine(string path, HttpStatusCode status, string line)
    {
        var (answer, page) = await monitored.Playbooks.GetAsync(path);

        Assert.Equal(status, answer);
        Assert.Contains($"<p class=\"problem\">{line}", page, StringComparison.Ordinal);
        Assert.Contains("<p><a href=\"/\">Alerts and runbooks</a> has links to all pages.</p>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/", HttpStatusCode.OK)]
    [InlineData("/runbooks/NoData", HttpStatusCode.OK)]
    [InlineData("/nosuch", HttpStatusCode.NotFound)]
    public async Task Head_IsAnsweredAsGetWithoutABody(string path, HttpStatusCode status)
    {
        var (answer, body) = await monitored.Playbooks.GetAsync(path, HttpMethod.Head);

        Assert.Equal((status, ""), (answer, body));
    }

    [Fact]
    public async Task Search_FindsRunbooksThatHaveAllWords()
    {
        var page = await monitored.Playbooks.GetPageAsync("/search?q=SLOTS+master");

        Assert.Contains("<a href=\"/runbooks/RedisSlotsLost\">RedisSlotsLost</a>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/runbooks/CallersRefused", page, StringComparison.Ordinal);
        Assert.Contains(
            "No runbook has all of these words.",
            await monitored.Playbooks.GetPageAsync("/search?q=slots+zzz"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1h")]
    [InlineData("6h")]
    [InlineData("1d")]
    public async Task Dashboard_DrawsLinesWithAxesLegendAndLastValue(string range)
    {
        var page = await monitored.Playbooks.GetPageAsync($"/dashboards/test?range={range}");

        Assert.Matches("<path class=\"c0\" d=\"M[0-9. ]+h0[^\"]*\"><title>of prometheus</title>", page);
        Assert.Matches("of prometheus <b>[0-9.]+ MiB</b>", page);
        Assert.Matches("<text class=\"up\" [^>]*>[0-9]+ MiB</text>", page);
        Assert.Matches("<text class=\"at\" [^>]*>[0-9]{2}:00</text>", page);
        Assert.Contains("<b>50 %</b> &quot;&#x27;&gt;&lt;script&gt;", page, StringComparison.Ordinal);
        Assert.Contains("answers 400", Assert.Single(Problem().Matches(page)).Value, StringComparison.Ordinal);
    }

    /// <summary>Prometheus can read each query of the graph's dashboards, and each panel can be shown.</summary>
    [Fact]
    public async Task DashboardsOfTheGraph_AreShown()
    {
        var first = await monitored.Playbooks.GetPageAsync("/");
        var names = DashboardLink().Matches(first).Select(link => link.Groups[1].Value).Distinct().ToList();

        Assert.Contains("monitoring-overview", names);
        foreach (var name in names.Where(name => name != "test"))
        {
            var page = await monitored.Playbooks.GetPageAsync($"/dashboards/{name}");
            Assert.Empty(Problem().Matches(page));
            Assert.Contains("<figcaption>", page, StringComparison.Ordinal);
        }
    }

    [GeneratedRegex("<span class=\"state [^>]*>(\\w+)</span><td>[^<]*\\n<td>(?:<a [^>]*>)?(\\w+)")]
    private static partial Regex AlertRow();

    [GeneratedRegex("<p class=\"problem\">.*")]
    private static partial Regex Problem();

    [GeneratedRegex("href=\"/dashboards/([^\"]+)\"")]
    private static partial Regex DashboardLink();
}
