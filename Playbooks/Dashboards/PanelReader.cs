using System.Text.RegularExpressions;
using MonoRepo.Playbooks.Monitoring;

namespace MonoRepo.Playbooks.Dashboards;

/// <summary>From when to when, in seconds since 1970.</summary>
/// <param name="Name">As in <c>?range=</c>.</param>
/// <param name="Length">In seconds.</param>
/// <param name="Tick">Distance of the labels below a graph.</param>
internal sealed record TimeWindow(string Name, long Length, long Tick)
{
    private const int Steps = 240;
    private const int ScrapeInterval = 15;

    public static IReadOnlyList<TimeWindow> All { get; } =
        [new("15m", 900, 300), new("1h", 3600, 900), new("6h", 21600, 3600), new("1d", 86400, 14400)];

    public long Step => Length / Steps;

    /// <summary>What <c>$__rate_interval</c> is to Grafana: wide enough for four samples.</summary>
    public long RateInterval => Math.Max(4 * ScrapeInterval, Step + ScrapeInterval);

    public static TimeWindow? Find(string name) => All.FirstOrDefault(window => window.Name == name);
}

/// <summary>A panel with its answer.</summary>
/// <param name="Panel">The panel.</param>
/// <param name="Series">By query: the series, each with the name that it has in the legend.</param>
/// <param name="Problem">Why there are none.</param>
/// <param name="End">The time at the right end.</param>
internal sealed record PanelData(
    Panel Panel, IReadOnlyList<IReadOnlyList<(string Name, Series Series)>> Series, string? Problem, long End);

/// <summary>Asks Prometheus for what is on a dashboard.</summary>
internal sealed partial class PanelReader(MonitoringApi api, TimeProvider clock)
{
    private const int AtOnce = 8;

    public async Task<IReadOnlyList<PanelData>> ReadAsync(
        Dashboard dashboard, TimeWindow window, CancellationToken cancellationToken)
    {
        var end = clock.GetUtcNow().ToUnixTimeSeconds();
        var panels = new PanelData[dashboard.Panels.Count];
        var atOnce = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(
            0, panels.Length, atOnce, async (i, token) => panels[i] = await ReadAsync(dashboard.Panels[i], window, end, token));
        return panels;
    }

    private async Task<PanelData> ReadAsync(Panel panel, TimeWindow window, long end, CancellationToken cancellationToken)
    {
        var all = new List<IReadOnlyList<(string, Series)>>();
        string? problem = null;
        foreach (var query in panel.Targets ?? [])
        {
            var expression = query.Expr.Replace("$__rate_interval", $"{window.RateInterval}s", StringComparison.Ordinal);
            var answer = panel.Type == "timeseries"
                ? await api.QueryRangeAsync(expression, end - window.Length, end, window.Step, cancellationToken)
                : await api.QueryAsync(expression, cancellationToken);
            problem ??= answer.Problem;
            var named = answer.Value.Select(series => (Name: NameOf(series, query.LegendFormat), series));
            all.Add([.. named.OrderBy(one => one.Name, StringComparer.Ordinal)]);
        }

        return new(panel, all, problem, end);
    }

    private static string NameOf(Series series, string format) => format.Length > 0
        ? Label().Replace(format, match => series.Labels.GetValueOrDefault(match.Groups[1].Value, ""))
        : string.Join(' ', series.Labels.Select(label => $"{label.Key}={label.Value}"));

    [GeneratedRegex(@"\{\{\s*(\w+)\s*\}\}")]
    private static partial Regex Label();
}
