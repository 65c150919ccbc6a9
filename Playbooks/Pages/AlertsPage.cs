using System.Globalization;
using MonoRepo.Playbooks.Dashboards;
using MonoRepo.Playbooks.History;
using MonoRepo.Playbooks.Monitoring;
using MonoRepo.Playbooks.Runbooks;
using MonoRepo.ServiceDefaults.Pages;

namespace MonoRepo.Playbooks.Pages;

/// <summary>The first page: alerts, silences, error budgets, and the way to all else.</summary>
internal static class AlertsPage
{
    private const int Refresh = 15;
    private const int Newest = 3;

    private static readonly string[] s_alert = ["state", "severity", "alert", "since", "what", "labels", ""];
    private static readonly string[] s_budget =
        ["service", "indicator", "objective", "left of 30 days", "fell short in the last hour"];

    public static Html Render(
        AlertBoard board,
        IReadOnlyList<ErrorBudget> budgets,
        HistoryFile history,
        RunbookLibrary runbooks,
        IReadOnlyList<string> dashboards,
        Uri? prometheus) =>
        Layout.Page(Layout.FirstPage, board.Problems, $"""
            {Alerts("Alerts", board.Alerts, runbooks, dashboards)}
            {(board.Alerts.Count == 0 && board.Problems.Count == 0 ? $"<p>No alert fires.</p>" : Html.None)}
            {Layout.Table("Silences", ["alerts with", "until", "by", "comment"], board.Silences.Select(Silence))}
            {Layout.Table("Error budgets", s_budget, budgets.Select(Budget))}
            {(history.IsKept ? History(history.Read()) : Html.None)}
            {Links("Dashboards", "/dashboards/", dashboards)}
            {Links("Runbooks", "/runbooks/", runbooks.Names)}
            {Elsewhere(prometheus)}
            <p class="weak">Times are UTC. The page asks again every {Refresh} seconds.</p>
            """, refresh: Refresh);

    /// <summary>A table of alerts.</summary>
    public static Html Alerts(
        string title, IEnumerable<BoardAlert> alerts, RunbookLibrary runbooks, IReadOnlyList<string> dashboards) =>
        Layout.Table(title, s_alert, alerts.Select(alert => (Html)$"""
            <tr><td><span class="state {alert.State} {alert.Severity}">{alert.State}</span><td>{alert.Severity}
            <td>{Runbook(alert, runbooks)}<td>{Time(alert.Since)}<td>{alert.Summary}
            <td class="weak">{string.Join(' ', alert.OtherLabels)}
            <td>{Dashboard(alert.Annotations.GetValueOrDefault("dashboard_url"), dashboards)}</tr>

            """));

    private static Html Runbook(BoardAlert alert, RunbookLibrary runbooks) => runbooks.Find(alert.Name) is { } runbook
        ? $"<a href=\"/runbooks/{runbook.Name}\">{alert.Name}</a>"
        : Html.Link(alert.Annotations.GetValueOrDefault("runbook_url"), alert.Name);

    // /d/catalog, or the same at Grafana
    private static Html Dashboard(string? address, IReadOnlyList<string> dashboards) =>
        dashboards.FirstOrDefault(name => address?.EndsWith($"/d/{name}", StringComparison.Ordinal) == true) is { } own
            ? $"<a href=\"/dashboards/{own}\">dashboard</a>"
            : Html.Link(address, address is null ? "" : "dashboard");

    private static Html Silence(Silence silence) => $"""
        <tr><td><code>{string.Join(' ', silence.Matchers)}</code><td>{Time(silence.EndsAt)}<td>{silence.CreatedBy}
        <td>{silence.Comment}</tr>

        """;

    private static Html Budget(ErrorBudget budget) => $"""
        <tr><td>{budget.Job}<td>{budget.Indicator}<td>{Percent(budget.Objective)}<td>{Percent(budget.Remaining)}
        <td>{Percent(budget.FellShort)}</tr>

        """;

    private static Html History(IReadOnlyList<HistoryEntry> entries) => $"""
        <h2><a href="/history">{HistoryPage.Title}</a></h2>
        {(entries.Count == 0 ? $"<p>Nothing has been done yet.</p>" : Html.None)}
        {entries.Take(Newest).Select(entry => (Html)$"<p>{entry.Title}</p>")}

        """;

    private static Html Links(string title, string folder, IReadOnlyCollection<string> names) => names.Count > 0
        ? $"""
            <h2>{title}</h2>
            <p>{names.Select(name => (Html)$"""<a href="{folder}{Uri.EscapeDataString(name)}">{name}</a> """)}</p>

            """
        : Html.None;

    private static Html Elsewhere(Uri? prometheus) => QueryLinks.IsForPeople(prometheus)
        ? $"<h2>Elsewhere</h2><p>{Html.Link(prometheus!.AbsoluteUri, "Prometheus")}</p>"
        : Html.None;

    private static string Percent(double part) => Units.Format("percentunit", part);

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
