using System.Text.Json.Serialization;

namespace MonoRepo.Hosting.Monitoring.Prometheus;

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
