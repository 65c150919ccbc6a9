using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MonoRepo.Tests;

/// <summary>What was done to the environment: on its page, on graphs, and in a real Prometheus as Grafana asks for it.</summary>
public sealed class HistoryTests(MonitoredPlaybooks monitored)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_ListsTheEntries()
    {
        var page = await monitored.Playbooks.GetPageAsync("/history");

        Assert.Matches(
            "<td class=\"fixed\">rollback\n<td>failed<td>7 s<td>[^\n]*&lt;script&gt;[^\n]*<code>0123456789ab-dirty</code>\n"
            + "<td class=\"weak\">catalog; web; shop/web none -&gt; sha256:0123456789ab; x</tr>",
            page.Replace("&#x2B;", "+", StringComparison.Ordinal));
        Assert.True(page.IndexOf(">rollback", StringComparison.Ordinal) < page.IndexOf(">apply", StringComparison.Ordinal));
        Assert.Contains(
            "<a href=\"/history\">What happened</a>", await monitored.Playbooks.GetPageAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Graphs_HaveAMarkForEachEntryInTheirTime()
    {
        var page = await monitored.Playbooks.GetPageAsync("/dashboards/test?range=1h");

        Assert.Matches(
            "<path class=\"mark\" d=\"M[0-9.]+ 10V156\"><title>[0-9: -]+ apply by [^<]*: done, catalog, web</title>", page);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The query is that of the graph's dashboards; the values are those that Grafana takes for times.</summary>
    [Fact]
    public async Task Prometheus_AnswersTheAnnotationQueryOfTheDashboards()
    {
        _ = monitored.Playbooks;
        using var dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(
            Repository.PathOf("k8s", "base", "playbooks-dashboards", "monitoring-overview.json"), Token));
        var annotation = dashboard.RootElement.GetProperty("annotations").GetProperty("list")[0];
        Assert.True(annotation.GetProperty("useValueForTime").GetBoolean());

        var series = await EventuallyAsync(annotation.GetProperty("expr").GetString()!, all => all.Count == 2);

        var applied = series.Single(one => (string?)one["metric"]!["command"] == "apply");
        Assert.Equal("0123456789ab-dirty", (string?)applied["metric"]!["commit"]);
        Assert.Equal("catalog, web", (string?)applied["metric"]!["what"]);
        Assert.Equal(
            monitored.Start.AddMinutes(-2).ToUnixTimeMilliseconds(),
            long.Parse((string)applied["value"]![1]!, System.Globalization.CultureInfo.InvariantCulture));
    }

    private async Task<List<JsonNode>> EventuallyAsync(string expression, Predicate<List<JsonNode>> isWanted)
    {
        using var http = new HttpClient { BaseAddress = monitored.Prometheus };
        List<JsonNode> series = [];
        await Eventually.HoldsAsync(
            async () =>
            {
                var answer = await http.GetFromJsonAsync<JsonNode>(
                    $"/api/v1/query?query={Uri.EscapeDataString(expression)}", Token);
                series = [.. answer!["data"]!["result"]!.AsArray().Select(one => one!)];
                return isWanted(series);
            },
            $"Prometheus answers {expression}");
        return series;
    }
}
