using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace MonoRepo.LoadTesting;

/// <summary>Prints a report to standard output.</summary>
public static class LoadOutput
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void Write(LoadReport report, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(report, s_json));
        }
        else
        {
            WriteTable(report);
        }
    }

    private static void WriteTable(LoadReport report)
    {
        var table = new Table().Border(TableBorder.Markdown);
        table.AddColumn("method");
        foreach (var column in (string[])["calls", "calls/s", "p50 ms", "p90 ms", "p99 ms", "p99.9 ms", "errors"])
        {
            table.AddColumn(column, settings => settings.RightAligned());
        }

        foreach (var method in report.Methods)
        {
            table.AddRow(
                method.Method, Number(method.Calls, "0"), Number(method.CallsPerSecond, "0"), Number(method.P50),
                Number(method.P90),
                Number(method.P99), Number(method.P999),
                method.Errors.Count == 0 ? "0" : string.Join(", ", method.Errors.Select(error => $"{error.Value} {error.Key}")));
        }

        Console.WriteLine(Number(report.Seconds, "0.0") +
            $" s, {report.Concurrency} calls at once, {Number(report.CallsPerSecond, "0")} calls/s");
        AnsiConsole.Write(table);
    }

    private static string Number(double value, string format = "0.00") => value.ToString(format, CultureInfo.InvariantCulture);
}
