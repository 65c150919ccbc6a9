using System.Globalization;
using MonoRepo.Hosting.Run.Readiness;
using Spectre.Console;

namespace MonoRepo.Hosting.App.Verbs;

/// <summary>The table of <c>run --wait</c>: boxes on a terminal, plain columns elsewhere.</summary>
internal static class ReadinessTable
{
    private static readonly string[] _headers = ["RESOURCE", "STATE", "HEALTH", "HEALTHY AFTER", "URLS"];

    public static void Write(TextWriter output, IReadOnlyList<InstanceReadiness> instances)
    {
        var rows = instances.Where(instance => instance.Snapshot is { IsHidden: false }).Select(RowOf).ToList();
        if (ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected)
        {
            WriteBoxes(rows);
        }
        else
        {
            WriteColumns(output, [_headers, .. rows]);
        }
    }

    private static string[] RowOf(InstanceReadiness instance) =>
    [
        instance.Name,
        instance.Snapshot!.State?.Text ?? "-",
        instance.Snapshot.HealthStatus?.ToString() ?? "-",
        instance.ReadyAfter is { } after ? string.Create(CultureInfo.InvariantCulture, $"{after.TotalSeconds:0.0} s") : "-",
        string.Join(' ', instance.Snapshot.Urls.Where(url => !url.IsInternal && !url.IsInactive).Select(url => url.Url)),
    ];

    private static void WriteBoxes(IReadOnlyList<string[]> rows)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var header in _headers)
        {
            table.AddColumn(new TableColumn(header) { NoWrap = true });
        }

        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        AnsiConsole.Write(table);
    }

    private static void WriteColumns(TextWriter output, IReadOnlyList<string[]> rows)
    {
        var widths = Enumerable.Range(0, _headers.Length).Select(column => rows.Max(row => row[column].Length)).ToList();
        foreach (var row in rows)
        {
            output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }
}
