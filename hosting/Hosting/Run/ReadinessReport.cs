using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Spectre.Console;

namespace MonoRepo.Hosting;

/// <summary>
/// What <c>run --wait</c> prints: a table, boxes on a terminal and plain columns elsewhere, and why not everything is healthy.
/// </summary>
internal sealed class ReadinessReport(IReadOnlyList<InstanceReadiness> instances, ResourceStates states)
{
    private static readonly string[] s_headers = ["RESOURCE", "STATE", "HEALTH", "HEALTHY AFTER", "URLS"];

    private readonly HashSet<string> _told =
        [.. instances.Where(i => i.Progress == Progress.Failed).Select(i => i.Instance.ResourceId)];

    public bool IsReady => instances.All(i => i.Progress is Progress.Ready or Progress.Idle);

    private IEnumerable<ResourceEvent> Failed => instances.Where(i => i.Progress == Progress.Failed).Select(i => i.Instance);

    /// <summary>Whether it tells of the end of an instance; of each it does once, as a later end is another one.</summary>
    public bool Takes(string instance)
    {
        lock (_told)
        {
            return _told.Remove(instance);
        }
    }

    public void WriteTable(TextWriter output)
    {
        // A parameter that has a value is nothing to look at.
        var rows = instances.Where(i =>
            i.Instance.Snapshot.State is not null && i is not { Instance.Resource: ParameterResource, Progress: Progress.Ready })
            .Select(ToRow).ToList();
        // Boxes need four characters around the first column and three for each other; narrower ones would lose whole columns.
        var width = Widths([s_headers, .. rows]).Sum(w => w + 3) + 1;
        if (ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected && width <= AnsiConsole.Profile.Width)
        {
            WriteBoxes(rows);
        }
        else
        {
            WriteColumns(output, [s_headers, .. rows]);
        }
    }

    public async Task WriteErrorsAsync(TextWriter error, ResourceLoggerService loggers, TimeSpan timeout)
    {
        var failed = Failed.ToList();
        foreach (var instance in failed)
        {
            var lines = await LogTail.ReadAsync(loggers, instance.ResourceId);
            var end = instance.Snapshot.ExitCode is { } code ? $" with exit code {code}" : "";
            error.WriteLine(
                $"{ResourceStates.NameOf(instance)} is " +
                $"{instance.Snapshot.State?.Text}{end}.{(lines.Length > 0 ? " Its last lines:" : "")}{lines}");
        }

        foreach (var instance in instances.Where(i => failed.Count == 0 && i.Progress == Progress.Pending)
            .Select(i => i.Instance))
        {
            var state = instance.Snapshot.State?.Text ?? "not started";
            var reason = states.DescribeWait(instance.Resource) is { Length: > 0 } wait ? $" It waits for {wait}."
                : state == KnownResourceStates.Running ? $" {ResourceStates.DescribeHealth(instance.Snapshot)}." : "";
            error.WriteLine(
                $"{ResourceStates.NameOf(instance)} is not healthy after {timeout.TotalSeconds:0} s: {state}.{reason}");
        }
    }

    private static string[] ToRow(InstanceReadiness instance) =>
    [
        ResourceStates.NameOf(instance.Instance),
        instance.Instance.Snapshot.State?.Text ?? "-",
        instance.Instance.Snapshot.HealthStatus?.ToString() ?? "-",
        instance.ReadyAfter is { } after ? string.Create(CultureInfo.InvariantCulture, $"{after.TotalSeconds:0.0} s") : "-",
        Urls(instance.Instance),
    ];

    /// <summary>With their names where there are several: what clients call first, pages such as rpcz last.</summary>
    private static string Urls(ResourceEvent instance)
    {
        var urls = instance.Snapshot.Urls.Where(u => !u.IsInternal && !u.IsInactive)
            .OrderBy(u => Uri.TryCreate(u.Url, UriKind.Absolute, out var url) && url.AbsolutePath != "/")
            .ThenBy(u => u.Name == EffectiveAnnotations.ManagementEndpoint)
            .ToList();
        return string.Join(
            ' ', urls.Select(u => urls.Count > 1 && NameOf(u) is { Length: > 0 } name ? $"{name} {u.Url}" : u.Url));
    }

    private static string? NameOf(UrlSnapshot url) =>
        url.DisplayProperties.DisplayName is { Length: > 0 } name ? name : url.Name;

    private static void WriteBoxes(IReadOnlyList<string[]> rows)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var header in s_headers)
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
        var widths = Widths(rows);
        foreach (var row in rows)
        {
            output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    private static List<int> Widths(IReadOnlyList<string[]> rows) =>
        [.. Enumerable.Range(0, s_headers.Length).Select(column => rows.Max(row => row[column].Length))];
}
