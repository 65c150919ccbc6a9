using MonoRepo.Playbooks.Dashboards;
using MonoRepo.Playbooks.History;
using MonoRepo.Playbooks.Monitoring;
using MonoRepo.ServiceDefaults.Pages;

namespace MonoRepo.Playbooks.Pages;

/// <summary>A dashboard's panels, drawn.</summary>
internal static class DashboardPage
{
    private const int Refresh = 30;

    public static Html Render(
        Dashboard dashboard, IReadOnlyList<PanelData> panels, IReadOnlyList<HistoryEntry> history, TimeWindow window) =>
        Layout.Page(
            dashboard.Title, panels.Select(panel => panel.Problem).OfType<string>(), $"""
            <p>{TimeWindow.All.Select(one => one == window
                ? (Html)$"<b>{one.Name}</b> "
                : $"""<a href="?range={one.Name}">{one.Name}</a> """)}
            <small>Times are UTC. The page asks again every {Refresh} seconds.</small></p>
            <div class="panels">{panels.Select(panel => Render(panel, history, window))}</div>
            """, refresh: Refresh);

    private static Html Render(PanelData data, IReadOnlyList<HistoryEntry> history, TimeWindow window) => data.Panel.Type switch
    {
        "row" => $"<h2>{data.Panel.Title}</h2>\n",
        "table" => RenderTable(data),
        "stat" => $"""
            <figure class="stat"><figcaption>{data.Panel.Title}</figcaption>
            {data.Series.SelectMany(all => all).Select(one => (Html)$"<div><b>{Value(data, one.Series)}</b> {one.Name}</div>")}
            {Empty(data)}</figure>

            """,
        _ => RenderGraph(data, Chart.Draw(data, history, window)),
    };

    private static string Value(PanelData data, Series series) => Units.Format(data.Panel.Unit, series.Last);

    private static Html RenderGraph(PanelData data, Chart chart) => $"""
        <figure><figcaption>{data.Panel.Title}</figcaption>
        <svg viewBox="0 0 {Chart.Width} {Chart.Height}" role="img" aria-label="{data.Panel.Title}">
        {chart.YTicks.Select(tick => (Html)$"""<path class="grid" d="M{Chart.Left} {tick.Position}H{Chart.Right}"/>""")}
        {chart.YTicks.Select(tick => (Html)$"""<text class="up" x="{Chart.Left - 6}" y="{tick.Position}">{tick.Text}</text>""")}
        {chart.XTicks.Select(tick => (Html)$"""<text class="at" x="{tick.Position}" y="{Chart.Height - 8}">{tick.Text}</text>""")}
        {chart.Annotations.Select(note =>
            (Html)$"""<path class="mark" d="M{note.Position} {Chart.Top}V{Chart.Bottom}"><title>{note.Text}</title></path>""")}
        {chart.Lines.Select((line, i) => (Html)$"""<path class="c{i}" d="{line.Path}"><title>{line.Name}</title></path>""")}
        </svg>
        <ul>{chart.Lines.Select((line, i) => (Html)$"<li>{Key(i)} {line.Name} <b>{line.Last}</b>")}</ul>
        {(chart.More > 0 ? $"<small>and {chart.More} more</small>" : Html.None)}{Empty(data)}</figure>

        """;

    private static Html Key(int color) => $"""<svg class="key" viewBox="0 0 8 8"><path class="c{color}" d="M0 4H8"/></svg>""";

    private static Html RenderTable(PanelData data)
    {
        var names = data.Panel.ColumnNames;
        var labels = names.Where(name => !name.Key.StartsWith("Value #", StringComparison.Ordinal)).ToList();
        var values = (data.Panel.Targets ?? [])
            .Select(query => names.GetValueOrDefault($"Value #{query.RefId}", query.RefId)).ToList();
        var rows = data.Series.SelectMany((all, i) => all.Select(one => (Column: i, one.Series)))
            .GroupBy(one => string.Join('\0', labels.Select(label => one.Series.Labels.GetValueOrDefault(label.Key, ""))))
            .OrderBy(row => row.Key, StringComparer.Ordinal);
        return $"""
            <figure class="wide"><table>
            <tr>{labels.Select(label => label.Value).Concat(values).Select(title => (Html)$"<th>{title}")}</tr>
            {rows.Select(row => (Html)$"<tr>{row.Key.Split('\0').Concat(values.Select((title, i) =>
                Units.Format(data.Panel.UnitOf(title), LastOf(row, i)))).Select(text => (Html)$"<td>{text}")}</tr>\n")}
            </table>{Empty(data)}</figure>

            """;
    }

    private static double LastOf(IEnumerable<(int Column, Series Series)> row, int column) =>
        row.FirstOrDefault(one => one.Column == column).Series?.Last ?? double.NaN;

    private static Html Empty(PanelData data) =>
        data.Series.All(series => series.Count == 0) ? $"<small>no data</small>" : Html.None;
}
