using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;
namespace MonoRepo.Tests;

/// <summary>
/// Monitoring on a real cluster that has the operators' CustomResourceDefinitions; the operators themselves need not be there.
/// </summary>
public sealed class MonitoringTests
{
    private static readonly string[] s_kinds =
    [
        "PodMonitor.monitoring.coreos.com", "PrometheusRule.monitoring.coreos.com", "Prometheus.monitoring.coreos.com",
        "Alertmanager.monitoring.coreos.com",
        "AlertmanagerConfig.monitoring.coreos.com", "Grafana.grafana.integreatly.org",
        "GrafanaDatasource.grafana.integreatly.org", "GrafanaDashboard.grafana.integreatly.org",
    ];

    [Fact]
    public async Task EveryObjectIsAcceptedByServerSideApply()
    {
        await using var environment = await PersonalEnvironment.CreateAsync("AppHost");
        var definitions = (await environment.GetAsync("CustomResourceDefinition.apiextensions.k8s.io"))
            .Select(d => d.TextAt("metadata", "name")!).ToHashSet();
        Assert.SkipUnless(
            definitions.IsSupersetOf(["prometheuses.monitoring.coreos.com", "grafanas.grafana.integreatly.org"]),
            "The cluster has no CustomResourceDefinitions of the Prometheus and Grafana operators (MONOREPO_TEST_CRDS).");

        (await environment.RunAsync("apply", "monitoring")).Succeeded();

        Assert.Equal(s_kinds.Length, (await environment.GetAsync(s_kinds)).Select(o => o.Text("kind")).Distinct().Count());
        Assert.Contains(" 0 created, 0 changed, 0 deleted, ", (await environment.RunAsync("apply", "monitoring"))
            .Succeeded(), StringComparison.Ordinal);
    }
}
