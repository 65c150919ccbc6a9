namespace MonoRepo.Hosting.Monitoring.Prometheus;

/// <summary>Rules that are evaluated one after the other.</summary>
internal sealed record RuleGroup(string Name, IReadOnlyList<Rule> Rules);
