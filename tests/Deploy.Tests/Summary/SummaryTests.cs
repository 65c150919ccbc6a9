using System.Net;
using System.Net.Http.Json;
using MonoRepo.Deploy;
using MonoRepo.Deploy.Activity;
using MonoRepo.Deploy.Summary;

namespace MonoRepo.Tests.Deploy;

/// <summary>The weekly summary, of fixed inputs.</summary>
public sealed class SummaryTests
{
    private static readonly DateTimeOffset s_monday = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    private static readonly SummaryData s_data = new(s_monday, s_monday.AddDays(7),
    [
        new(new string('c', 40), s_monday.AddDays(3), "Sort lists by date", [
            "Todo.Server/ItemStore.cs",
            "tests/Todo.Tests/a.cs",
            "tests/Todo.Tests/b.cs",
        ]),
        new(new string('b', 40), s_monday.AddHours(30), "Describe lists", ["docs/lists.md"]),
        new(new string('a', 40), s_monday.AddHours(20), "Count lists | items", ["Todo.Server/ItemStore.cs"]),
    ])
    {
        Environment = "prod",
        History =
        [
            new(s_monday.AddDays(4), "silence add", "done") { By = "jane", Note = "RedisDown for 2h: moving disks" },
            Entry(s_monday.AddHours(72.5), "apply", "done", 'c'),
            Entry(s_monday.AddHours(50), "rollback", "done", 'a', seconds: 60),
            Entry(s_monday.AddHours(49), "apply", "failed", 'b', seconds: 300),
            Entry(s_monday.AddHours(24), "apply", "done", 'a'),
        ],
        Metrics = new Dictionary<string, IReadOnlyList<MeasuredValue>>
        {
            [SummaryMetrics.Budgets] = [new(["todo-server", "availability"], 0.813)],
            [SummaryMetrics.Errors] =
            [
                new(["todo-server", "todo.v1.TodoService/GetItem", "NOT_FOUND"], 12),
                new(["todo-server", "todo.v1.TodoService/ListItems", "UNAVAILABLE"], 40.4),
            ],
            [SummaryMetrics.Processor] = [new(["todo-server"], 0.1234), new(["redis-exporter"], 0.02)],
            [SummaryMetrics.ProcessorBefore] = [new(["todo-server"], 0.1)],
            [SummaryMetrics.Memory] = [new(["todo-server"], 200 << 20)],
        },
    };

    [Fact]
    public void Report_IsTheSameForTheSameInputs() => Assert.Equal(
        """
        # Summary of prod, 2026-11-23 00:00 to 2026-11-30 00:00 UTC

        ## Merged changes

        - **Todo.Server**: 2
          - Sort lists by date (ccccccc)
          - Count lists | items (aaaaaaa)
        - **docs**: 1
          - Describe lists (bbbbbbb)

        ## Deployments

        | figure | value |
        |---|---|
        | deployments that work | 2, 0.3 a day |
        | lead time, median | 4.0 h |
        | failed or rolled back | 1, 33.3 % |
        | time to restore, median | 1.0 h |

        - 2026-11-26 00:30 apply by ci at cccccccccccc: done after 0 s; todo-server
        - 2026-11-25 02:00 rollback by ci at aaaaaaaaaaaa: done after 60 s; todo-server
        - 2026-11-25 01:00 apply by ci at bbbbbbbbbbbb: failed after 300 s; todo-server
        - 2026-11-24 00:00 apply by ci at aaaaaaaaaaaa: done after 0 s; todo-server

        ## Silences

        - 2026-11-27 00:00 silence add by jane: done after 0 s; RedisDown for 2h: moving disks

        ## Error budgets

        | service | objective | left of 30 days |
        |---|---|---|
        | todo-server | availability | 81.3 % |

        ## Alerts

        None.

        ## Top errors

        | service | method | status | calls |
        |---|---|---|---|
        | todo-server | todo.v1.TodoService/ListItems | UNAVAILABLE | 40 |
        | todo-server | todo.v1.TodoService/GetItem | NOT_FOUND | 12 |

        ## Processor, cores on average

        | service | now | the time before |
        |---|---|---|
        | todo-server | 0.123 | 0.1 |
        | redis-exporter | 0.02 | - |

        ## Memory, MiB on average

        | service | now | the time before |
        |---|---|---|
        | todo-server | 200 | - |

        """.ReplaceLineEndings("\n"),
        SummaryReport.Write(s_data));

    [Fact]
    public void Report_WithoutSources_SaysSo()
    {
        var text = SummaryReport.Write(new(s_monday, s_monday.AddDays(1), []));
        Assert.Contains("## Merged changes\n\nNone.\n", text, StringComparison.Ordinal);
        Assert.Contains(
            "## Deployments\n\nNo environment was named: `--env` takes its history.\n", text, StringComparison.Ordinal);
        Assert.EndsWith(
            "## Error budgets, alerts, errors and capacity\n\nNo Prometheus was asked: `--prometheus URL` names one.\n", text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Figures_AreAFewLines() => Assert.Equal(
        [
            "changes merged: 3 in 2 components",
            "deployments that work: 2, lead time 4.0 h",
            "failed or rolled back: 1, time to restore 1.0 h",
            "smallest error budget left: 81.3 % (todo-server availability)",
            "alerts: 0, firing 0 minutes",
        ],
        SummaryReport.Figures(s_data));

    [Fact]
    public void Figures_WithoutPrometheus_SayWhy() => Assert.Equal(
        ["changes merged: 0 in 0 components", "Prometheus can't be queried"],
        SummaryReport.Figures(new(s_monday, s_monday.AddDays(7), []) { MetricsProblem = "Prometheus can't be queried" }));

    [Fact]
    public async Task Post_HasTheTokenAndAllOfIt_AndARefusalIsOneLine()
    {
        var notifier = new Answers("{}");
        using var http = new HttpClient(notifier);
        var (address, token) = (new Uri("http://notifier:8080/reports"), TestContext.Current.CancellationToken);
        await SummaryPost.SendAsync(http, address, "secret", s_data, token);
        Assert.Equal("Bearer secret", notifier.Authorization);
        var report = System.Text.Json.JsonDocument.Parse(notifier.Body!).RootElement;
        Assert.Equal("Summary of prod, 2026-11-23 00:00 to 2026-11-30 00:00 UTC", report.GetProperty("title").GetString());
        Assert.Equal(5, report.GetProperty("figures").GetArrayLength());
        Assert.Equal(SummaryReport.Write(s_data), report.GetProperty("text").GetString());

        var commits = Enumerable.Range(0, 2000)
            .Select(i => new MergedCommit($"{i}", s_monday, new string('x', 50), [$"component-{i}/a"]));
        await SummaryPost.SendAsync(http, address, "secret", s_data with { Commits = [.. commits] }, token);
        Assert.InRange(notifier.Body!.Length, 50_000, 100_000);
        Assert.Contains("The rest is too long to be sent.", notifier.Body, StringComparison.Ordinal);

        using var refusing = new HttpClient(new Answers("\"no\"", HttpStatusCode.ServiceUnavailable));
        var exception = await Assert.ThrowsAsync<DeployException>(
            () => SummaryPost.SendAsync(refusing, address, "secret", s_data, token));
        Assert.Equal("The notifier at http://notifier:8080/reports answered 503: \"no\"", exception.Message);
    }

    [Fact]
    public void LeadTimes_CountACommitOnce_AndThoseBeforeItWithIt()
    {
        // b failed to arrive with its own deployment, and came with c: 42.5 h; c 0.5 h; a 4 h.
        var figures = DeliveryFigures.Of(s_data.History!, s_data.Commits);
        Assert.Equal(new(2, 1, TimeSpan.FromHours(4), TimeSpan.FromMinutes(61)), figures);
        Assert.Equal(new(0, 0, null, null), DeliveryFigures.Of([], s_data.Commits));
    }

    [Fact]
    public void Commits_AreReadAsGitWritesThem()
    {
        var commits = SummaryCommits.Parse([
            "\u001f01\u001f2026-11-27T12:00:00+01:00\u001fMove: a\tb", "", "hosting/A.cs", "hosting/B.cs", "README.md",
            "\u001f02\u001f2026-11-26T12:00:00Z\u001fEmpty",
        ]);
        Assert.Equal(("01", "Move: a\tb", "hosting", 3), (
            commits[0].Hash, commits[0].Subject, commits[0].Component, commits[0].Files.Count));
        Assert.Equal(("(root)", 0), (commits[1].Component, commits[1].Files.Count));
    }

    [Fact]
    public async Task Metrics_AreRowsOfLabels_AndARefusalIsOneLine()
    {
        using var prometheus = new HttpClient(
            new Answers(
                """{"status": "success", "data": {"result": [{"metric": {"job": "web", "sli": "latency"}, "value": [1, "0.5"]}, {"metric": {}, "value": [1, "NaN"]}]}}"""))
        { BaseAddress = new("http://127.0.0.1:1/") };
        var metrics = await SummaryMetrics.ReadAsync(
            prometheus, s_monday, s_monday.AddDays(7), TestContext.Current.CancellationToken);
        var budget = Assert.Single(metrics[SummaryMetrics.Budgets]);
        Assert.Equal(["web", "latency"], budget.Labels);
        Assert.Equal(0.5, budget.Value);

        using var refusing = new HttpClient(new Answers("""{"status": "error", "error": "too many samples"}"""))
        {
            BaseAddress = new("http://127.0.0.1:1/"),
        };
        var exception = await Assert.ThrowsAsync<DeployException>(
            () => SummaryMetrics.ReadAsync(refusing, s_monday, s_monday.AddDays(7), TestContext.Current.CancellationToken));
        Assert.Equal("Prometheus at http://127.0.0.1:1/ refuses the query: too many samples", exception.Message);
    }

    private static ActivityEntry Entry(DateTimeOffset at, string command, string result, char commit, double seconds = 0) =>
        new(at, command, result) { By = "ci", Commit = new string(commit, 40), Resources = ["todo-server"], Seconds = seconds };

    private sealed class Answers(string json, HttpStatusCode status = HttpStatusCode.OK) : HttpMessageHandler
    {
        public string? Authorization { get; private set; }

        public string? Body { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Authorization = request.Headers.Authorization?.ToString();
            Body = await request.Content!.ReadAsStringAsync(cancellationToken);
            return new HttpResponseMessage(status)
            {
                Content = JsonContent.Create(System.Text.Json.JsonDocument.Parse(json).RootElement),
            };
        }
    }
}
