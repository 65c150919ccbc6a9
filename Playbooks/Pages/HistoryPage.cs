using System.Globalization;
using MonoRepo.Playbooks.History;
using MonoRepo.ServiceDefaults.Pages;

namespace MonoRepo.Playbooks.Pages;

/// <summary>What was done to the environment.</summary>
internal static class HistoryPage
{
    public const string Title = "What happened";

    private const int Refresh = 30;

    private static readonly string[] s_columns = ["time", "command", "result", "took", "by", "commit", "changed"];

    public static Html Render(IReadOnlyList<HistoryEntry> entries) => Layout.Page(Title, [], $"""
        {(entries.Count == 0 ? $"<p>Nothing has been done yet.</p>" : Html.None)}
        {Layout.Table("", s_columns, entries.Select(Row))}
        <p class="weak">Times are UTC. The page asks again every {Refresh} seconds.</p>
        """, refresh: Refresh);

    private static Html Row(HistoryEntry entry)
    {
        string?[] changed = [.. entry.Resources ?? [], .. (entry.Images ?? []).Select(image => image.ToString()), entry.Note];
        return $"""
            <tr><td class="fixed">{entry.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}
            <td class="fixed">{entry.Command}
            <td>{entry.Result}<td>{entry.Seconds:F0} s<td>{entry.By}<td class="fixed"><code>{entry.ShortCommit}</code>
            <td class="weak">{string.Join("; ", changed.Where(part => !string.IsNullOrEmpty(part)))}</tr>

            """;
    }
}
