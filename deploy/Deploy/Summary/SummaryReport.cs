using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;

namespace MonoRepo.Deploy.Summary;

/// <summary>Writes a summary as Markdown.</summary>
internal static class SummaryReport
{
    private const int ShownCommits = 5;
    private const int ShownDeployments = 20;

    /// <summary>Says what it is of, and of which time.</summary>
    public static string Title(SummaryData data) =>
        $"Summary{(data.Environment is null ? "" : $" of {data.Environment}")}, {data.From.UtcDateTime:yyyy-MM-dd HH:mm} to " +
        $"{data.Until.UtcDateTime:yyyy-MM-dd HH:mm} UTC";

    /// <summary>The figures that fit into a chat or onto a phone, a line each.</summary>
    public static IReadOnlyList<string> Figures(SummaryData data)
    {
        var components = data.Commits.DistinctBy(c => c.Component).Count();
        List<string> lines = [$"changes merged: {data.Commits.Count} in {components} components"];
        if (data.History is { } history)
        {
            var figures = DeliveryFigures.Of(history, data.Commits);
            lines.Add($"deployments that work: {figures.Deployments}, lead time {Time(figures.LeadTime)}");
            lines.Add($"failed or rolled back: {figures.Failures}, time to restore {Time(figures.TimeToRestore)}");
        }

        if (data.Metrics is not { } metrics)
        {
            lines.Add(data.MetricsProblem);
            return lines;
        }

        if (metrics.GetValueOrDefault(SummaryMetrics.Budgets)?.MinBy(v => v.Value) is { } budget)
        {
            lines.Add($"smallest error budget left: {Percent(budget.Value)} ({string.Join(' ', budget.Labels)})");
        }

        var alerts = metrics.GetValueOrDefault(SummaryMetrics.Alerts) ?? [];
        lines.Add($"alerts: {alerts.Count}, firing {Number(alerts.Sum(a => a.Value), "F0")} minutes");
        return lines;
    }

    public static string Write(SummaryData data)
    {
        var text = new StringBuilder();
        Line($"# {Title(data)}");
        Section("Merged changes");
        if (data.Commits.Count == 0)
        {
            Line("None.");
        }

        foreach (var component in data.Commits.GroupBy(c => c.Component).OrderByDescending(g => g.Count()).ThenBy(
            g => g.Key, StringComparer.Ordinal))
        {
            Line($"- **{component.Key}**: {component.Count()}");
            component.Take(ShownCommits).ToList().ForEach(c => Line($"  - {c.Subject} ({c.Hash[..Math.Min(7, c.Hash.Length)]})"));
            if (component.Count() > ShownCommits)
            {
                Line($"  - and {component.Count() - ShownCommits} before");
            }
        }

        Deployments();
        if (data.Metrics is not { } metrics)
        {
            Section("Error budgets, alerts, errors and capacity");
            Line(data.MetricsProblem);
            return text.ToString();
        }

        Metrics("Error budgets", SummaryMetrics.Budgets, ["service", "objective", "left of 30 days"], v => Percent(v.Value));
        Metrics("Alerts", SummaryMetrics.Alerts, ["alert", "severity", "minutes firing"], v => Number(v.Value, "F0"));
        Metrics("Top errors", SummaryMetrics.Errors, ["service", "method", "status", "calls"], v => Number(v.Value, "F0"));
        Metrics("Processor, cores on average", SummaryMetrics.Processor, ["service", "now", "the time before"], v =>
            Number(v.Value, "0.###"), SummaryMetrics.ProcessorBefore);
        Metrics("Memory, MiB on average", SummaryMetrics.Memory, ["service", "now", "the time before"], v =>
            Number(v.Value / (1 << 20), "F0"), SummaryMetrics.MemoryBefore);
        return text.ToString();

        void Line(string line) => text.Append(line).Append('\n');

        void Section(string title)
        {
            Line("");
            Line($"## {title}");
            Line("");
        }

        void Row(IEnumerable<string> cells) =>
            Line($"| {string.Join(" | ", cells.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal)))} |");

        void Table(string[] columns)
        {
            Row(columns);
            Line($"|{string.Concat(columns.Select(_ => "---|"))}");
        }

        void Deployments()
        {
            Section("Deployments");
            if (data.History is not { } history)
            {
                Line("No environment was named: `--env` takes its history.");
                return;
            }

            var figures = DeliveryFigures.Of(history, data.Commits);
            Table(["figure", "value"]);
            Row(["deployments that work", $"{figures.Deployments}, " +
                $"{Number(figures.Deployments / Math.Max(1, (data.Until - data.From).TotalDays), "F1")} a day"]);
            Row(["lead time, median", Time(figures.LeadTime)]);
            Row(["failed or rolled back", figures.FailureRate is { } rate ? $"{figures.Failures}, {Percent(rate)}" : "none"]);
            Row(["time to restore, median", Time(figures.TimeToRestore)]);
            Line("");
            var entries = history.OrderByDescending(e => e.At).ToLookup(e => e.Command is "silence add" or "silence expire");
            foreach (var entry in entries[false].Take(ShownDeployments))
            {
                Line($"- {entry.At.UtcDateTime:yyyy-MM-dd HH:mm} {entry}");
            }

            Section("Silences");
            entries[true].ToList().ForEach(s => Line($"- {s.At.UtcDateTime:yyyy-MM-dd HH:mm} {s}"));
            if (!entries[true].Any())
            {
                Line("None.");
            }
        }

        void Metrics(string title, string metric, string[] columns, Func<MeasuredValue, string> value, string? before = null)
        {
            Section(title);
            if (metrics.GetValueOrDefault(metric) is not { Count: > 0 } values)
            {
                Line("None.");
                return;
            }

            Table(columns);
            foreach (var one in values.OrderByDescending(v => v.Value).ThenBy(
                v => string.Join(' ', v.Labels), StringComparer.Ordinal))
            {
                var earlier = before is null
                    ? null
                    : metrics.GetValueOrDefault(before)?.FirstOrDefault(b => b.Labels.SequenceEqual(one.Labels));
                Row([.. one.Labels, value(one), .. before is null
                    ? Array.Empty<string>()
                    : [earlier is null ? "-" : value(earlier)]]);
            }
        }
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Percent(double value) => $"{Number(value * 100, "F1")} %";

    private static string Time(TimeSpan? time) => time switch
    {
        null => "-",
        { TotalHours: < 1 } => $"{Number(time.Value.TotalMinutes, "F0")} min",
        { TotalDays: < 2 } => $"{Number(time.Value.TotalHours, "F1")} h",
        _ => $"{Number(time.Value.TotalDays, "F1")} days",
    };
}

/// <summary>Hands a summary to the notifier, which tells people.</summary>
internal static class SummaryPost
{
    // What the notifier takes; the end of a summary is less than its begin.
    private const int MaxCharacters = 60_000;

    /// <summary>Posts it. The same summary may be posted again: it is told once.</summary>
    /// <param name="address">Where reports are taken.</param>
    /// <exception cref="DeployException">The notifier can't be reached, or didn't take it.</exception>
    public static async Task SendAsync(
        HttpClient http, Uri address, string token, SummaryData data, CancellationToken cancellationToken)
    {
        var text = SummaryReport.Write(data);
        if (text.Length > MaxCharacters)
        {
            text = $"{text[..text.LastIndexOf('\n', MaxCharacters)]}\n\nThe rest is too long to be sent.\n";
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = JsonContent.Create(new { title = SummaryReport.Title(data), figures = SummaryReport.Figures(data), text }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                var answer = await response.Content.ReadAsStringAsync(cancellationToken);
                throw new DeployException($"The notifier at {address} answered {(int)response.StatusCode}: {answer.Trim()}");
            }
        }
        catch (HttpRequestException exception)
        {
            throw new DeployException($"The notifier at {address} can't be reached: {exception.Message}", exception);
        }
    }
}
