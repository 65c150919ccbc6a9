namespace MonoRepo.Hosting;

/// <summary>An alert that a resource declares.</summary>
/// <param name="Name">Upper camel case, as <c>RedisMemoryNearlyFull</c>; <c>docs/runbooks/&lt;Name&gt;.md</c> says what to
/// do.</param>
/// <param name="Expression">PromQL; each series of its result is an alert.</param>
/// <param name="For">How long the expression has to hold.</param>
/// <param name="Severity">Page or ticket.</param>
/// <param name="Summary">One sentence, a template that may name labels: <c>{{ $labels.pod }}</c>.</param>
public sealed record AlertRule(string Name, string Expression, TimeSpan For, AlertSeverity Severity, string Summary);
