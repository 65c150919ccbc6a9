using System.Text.Json;
using MonoRepo.Hosting.Monitoring;
using MonoRepo.Hosting.Monitoring.Prometheus;

namespace MonoRepo.Tests;

/// <summary>The rules of the shop, as Prometheus reads them.</summary>
internal static class Rules
{
    public static IReadOnlyList<RuleGroup> Groups { get; } =
        [.. RuleSet.Of(MonitoredGraph.Read(Shop.Create().Resources, null), new())
        .SelectMany(r => r.File.Groups), TargetRules.Volumes(new(new()))];

    public static IEnumerable<Rule> Alerts => Groups.SelectMany(g => g.Rules).Where(r => r.Alert is not null);

    public static string Text => Json.SnakeCase(new RuleFile(Groups));
}
