using System.Text.Json.Serialization;
using MonoRepo.Hosting.Monitoring.ServiceLevels;

namespace MonoRepo.Hosting.Monitoring.Prometheus;

/// <summary>All rules of a graph, by the resource that they belong to.</summary>
internal static class RuleSet
{
    /// <summary>Owner to groups, in the order of their names.</summary>
    public static IReadOnlyList<(string Owner, RuleFile File)> Of(
        MonitoredGraph graph, MonitoringLinks links, bool isLocal = false)
    {
        var alerts = new Alerts(links);
        var own = graph.Resources.Select(r => (r.Name, File: new RuleFile(Groups(r, alerts))))
            .Where(r => r.File.Groups.Count > 0);
        var shared = new List<RuleGroup> { new("targets", [.. TargetRules.Of(graph, alerts, isLocal)]) };
        if (graph.Resources.Any(r => r.ServiceLevel is not null))
        {
            shared.Add(new("service-levels", [.. ServiceLevelRules.Shared(alerts)]));
        }

        return [.. own, ("monitoring", new(shared))];
    }

    public static IReadOnlyCollection<string> AlertNames(MonitoredGraph graph) =>
        Of(graph, new()).SelectMany(r => r.File.Groups).SelectMany(g => g.Rules).Select(r => r.Alert).OfType<string>()
            .ToHashSet();

    private static List<RuleGroup> Groups(MonitoredResource resource, Alerts alerts)
    {
        var groups = new List<RuleGroup>();
        if (ServiceLevelRules.Recorded(resource).ToList() is { Count: > 0 } recorded)
        {
            groups.Add(new($"{resource.Name}-service-level", recorded));
        }

        if (resource.Alerts.Count > 0)
        {
            groups.Add(new(
                $"{resource.Name}-alerts",
                [.. resource.Alerts.Select(
                    a => alerts.Alert(a.Name, a.Expression, a.For, a.Severity, a.Summary, resource.Name))]));
        }

        return groups;
    }
}

/// <summary>Groups as a rule file of their own; the operator's <c>PrometheusRule</c> has the same shape.</summary>
internal sealed record RuleFile(IReadOnlyList<RuleGroup> Groups);

/// <summary>Rules that are evaluated one after the other.</summary>
internal sealed record RuleGroup(string Name, IReadOnlyList<Rule> Rules);

/// <summary>
/// A recording rule or an alert, with the field names of Prometheus' rule files and of the operator's PrometheusRule.
/// </summary>
internal sealed record Rule(
    string? Record,
    string? Alert,
    string Expr,
    string? For = null,
    [property: JsonPropertyName("keep_firing_for")] string? KeepFiringFor = null,
    IReadOnlyDictionary<string, string>? Labels = null,
    IReadOnlyDictionary<string, string>? Annotations = null);

/// <summary>Durations as Prometheus writes them.</summary>
internal static class PromDuration
{
    public static string Of(TimeSpan time) => time switch
    {
        { Ticks: 0 } => "0s",
        _ when time.Ticks % TimeSpan.TicksPerDay == 0 => FormattableString.Invariant($"{time.TotalDays}d"),
        _ when time.Ticks % TimeSpan.TicksPerHour == 0 => FormattableString.Invariant($"{time.TotalHours}h"),
        _ when time.Ticks % TimeSpan.TicksPerMinute == 0 => FormattableString.Invariant($"{time.TotalMinutes}m"),
        _ => FormattableString.Invariant($"{(long)time.TotalSeconds}s"),
    };
}
