using MonoRepo.Playbooks.Monitoring;
using MonoRepo.Playbooks.Runbooks;
using MonoRepo.ServiceDefaults.Pages;

namespace MonoRepo.Playbooks.Pages;

/// <summary>A runbook under the state of its alert; and what a search found.</summary>
internal static class RunbookPages
{
    public static Html Render(
        Runbook runbook, AlertBoard board, RunbookLibrary runbooks, IReadOnlyList<string> dashboards, Uri? prometheus)
    {
        var alerts = board.Alerts.Where(alert => alert.Name == runbook.Name).ToList();
        var rules = board.Rules.Where(rule => rule.Name == runbook.Name).ToList();
        return Layout.Page($"{runbook.Name}: {StateOf(alerts, rules, board)}", board.Problems, $"""
            {AlertsPage.Alerts("Now", alerts, runbooks, dashboards)}
            {Layout.Table("Fires when", ["", ""], rules.Select(rule => (Html)$"""
                <tr><td><code>{rule.Query}</code><td>{Link(QueryLinks.Find(rule, prometheus))}</tr>

                """))}
            <article>{Html.Raw(runbook.Html)}</article>
            """);
    }

    public static Html RenderSearch(string query, IReadOnlyList<FoundRunbook> found) => Layout.Page(
        "Search", query.Length > 0 && found.Count == 0 ? ["No runbook has all of these words."] : [],
        $"{found.Select(Found)}",
        query);

    private static Html Found(FoundRunbook runbook) => $"""
        <h2><a href="/runbooks/{runbook.Name}">{runbook.Name}</a></h2>
        {runbook.Lines.Select(line => (Html)$"<p>{line}</p>")}

        """;

    private static Html Link(string? address) => address is null ? Html.None : Html.Link(address, "graph");

    private static string StateOf(List<BoardAlert> alerts, List<AlertingRule> rules, AlertBoard board) =>
        alerts.Count > 0 ? alerts[0].State
        : rules.Count > 0 ? "doesn't fire"
        : board.Problems.Count > 0 ? "state unknown"
        : "no rule here";
}
