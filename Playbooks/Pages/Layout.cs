using MonoRepo.ServiceDefaults.Pages;

namespace MonoRepo.Playbooks.Pages;

/// <summary>What is around each page.</summary>
internal static class Layout
{
    public const string FirstPage = "Alerts and runbooks";

    public static Html Page(string title, IEnumerable<string> problems, Html content, string query = "", int refresh = 0) => $"""
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8"><meta name="viewport" content="width=device-width">
        {(refresh > 0 ? $"<meta http-equiv=\"refresh\" content=\"{refresh}\">" : Html.None)}
        <title>{title}</title>
        <style>{Html.Raw(Style.Text)}</style>
        <nav><a href="/">{FirstPage}</a>
        <form action="/search"><input name="q" value="{query}" aria-label="Search the runbooks">
        <button>Search the runbooks</button></form></nav>
        <main><h1>{title}</h1>
        {problems.Distinct().Select(problem => (Html)$"<p class=\"problem\">{problem}</p>")}
        {content}
        </main>
        </html>

        """;

    /// <summary>Nothing where there are no rows, and no heading where it has no title.</summary>
    public static Html Table(string title, IEnumerable<string> columns, IEnumerable<Html> rows) =>
        rows.ToList() is { Count: > 0 } all
            ? $"""
                {(title.Length > 0 ? $"<h2>{title}</h2>" : Html.None)}
                <table><tr>{columns.Select(column => (Html)$"<th>{column}")}</tr>
                {all}</table>

                """
            : Html.None;
}
