namespace MonoRepo.Tests;

/// <summary>Monitoring on a real cluster that has the operators' CustomResourceDefinitions; the operators themselves need not be there.</summary>
public sealed class MonitoringTests
{
    private const string Kinds = "podmonitors,prometheusrules,prometheuses,alertmanagers,alertmanagerconfigs,grafanas,grafanadatasources,grafanadashboards";

    [Fact]
    public async Task EveryObjectIsAcceptedByServerSideApply()
    {
        await using var environment = await PersonalEnvironment.CreateAsync("AppHost");
        var definitions = await environment.KubectlAsync("get", "customresourcedefinitions", "-o", "name");
        Assert.SkipUnless(
            definitions.Contains("prometheuses.monitoring.coreos.com", StringComparison.Ordinal) && definitions.Contains("grafanas.grafana.integreatly.org", StringComparison.Ordinal),
            "The cluster has no CustomResourceDefinitions of the Prometheus and Grafana operators (MONOREPO_TEST_CRDS).");

        (await environment.RunAsync("apply", "monitoring")).Done();

        var kinds = (await environment.GetAsync(Kinds)).Select(o => o.GetProperty("kind").GetString()).Distinct();
        Assert.Equal(Kinds.Split(',').Length, kinds.Count());
        Assert.Contains(" 0 created, 0 changed, 0 deleted, ", (await environment.RunAsync("apply", "monitoring")).Done(), StringComparison.Ordinal);
    }
}
