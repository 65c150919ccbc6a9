using System.Text.Json.Serialization;

namespace MonoRepo.Hosting.Monitoring.Prometheus;

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
