using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>Alerts of a resource, beside those that every scraped resource has.</summary>
public sealed record AlertRulesAnnotation(IReadOnlyList<AlertRule> Rules) : IResourceAnnotation;
