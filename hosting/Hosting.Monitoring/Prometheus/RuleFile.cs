namespace MonoRepo.Hosting.Monitoring.Prometheus;

/// <summary>Groups as a rule file of their own; the operator's <c>PrometheusRule</c> has the same shape.</summary>
internal sealed record RuleFile(IReadOnlyList<RuleGroup> Groups);
