using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Yaml;
using MonoRepo.Hosting;
using MonoRepo.Hosting.Kubernetes.Overlays;

namespace MonoRepo.Tests;

/// <summary>What is published for the operators.</summary>
public sealed class PublishedMonitoringTests
{
    private static readonly string[] s_selected =
        ["PodMonitor", "PrometheusRule", "AlertmanagerConfig", "GrafanaDashboard", "GrafanaDatasource", "Grafana"];

    [Fact]
    public void PublishedObjectsAreAsReviewed()
    {
        var tree = Publication.Build(Shop.Create().Model).Generated;

        GoldenTree.AssertMatches(
            Repository.PathOf("tests", "Hosting.Monitoring.Tests", "Goldens", "shop"),
            tree.Where(f => Path.GetFileName(f.Key) is "monitoring.yaml" or "deployer.yaml").ToDictionary());
    }

    [Fact]
    public async Task EveryEnvironmentFitsTheSchemasOfTheOperators()
    {
        foreach (var environment in (string[])["dev", "prod"])
        {
            await Tools.ValidateAsync(Render(environment));
        }

        await Tools.ValidateAsync(Publication.Build(Shop.Create().Model).Generated["overlays/prod/deployer.yaml"]);
    }

    [Fact]
    public void EveryObjectIsFoundByTheSelectorsOfItsOperator()
    {
        var objects = YamlReader.ReadAll(Render("prod")).Cast<YamlMap>().ToList();
        var prometheus = Spec(objects, "Prometheus");
        YamlMap?[] selectors =
        [
            prometheus.Map("podMonitorSelector"), prometheus.Map("ruleSelector"), prometheus.Map("serviceMonitorSelector"),
            Spec(objects, "Alertmanager").Map("alertmanagerConfigSelector"),
            .. objects.Where(o => o.Text("kind") is "GrafanaDashboard" or "GrafanaDatasource")
                .Select(o => o.Map("spec")!.Map("instanceSelector")),
        ];

        var labels = Assert.Single(selectors.Select(s => s!.Map("matchLabels")!.Single())
            .Select(l => (l.Key, Value: ((YamlScalar)l.Value).Text)).Distinct());
        Assert.All(
            objects.Where(o => s_selected.Contains(o.Text("kind"))),
            o => Assert.Equal(labels.Value, o.Map("metadata")!.Map("labels")!.Text(labels.Key)));
    }

    [Fact]
    public void NoSecretIsInAnyObjectAndEachIsAReference()
    {
        var text = Render("prod");

        Assert.DoesNotContain("never-shown", text, StringComparison.Ordinal);
        var receivers = Spec(
            [.. YamlReader.ReadAll(text).Cast<YamlMap>()], "AlertmanagerConfig").List("receivers")!.Cast<YamlMap>().ToList();
        var page = receivers.Single(r => r.Text("name") == "page");
        var url = ((YamlMap)page.List("webhookConfigs")!.First()).Map("urlSecret")!;
        Assert.Equal(("shop-parameters", "pager-url"), (url.Text("name"), url.Text("key")));
        Assert.Null(page.List("emailConfigs"));
        Assert.NotNull(receivers.Single(r => r.Text("name") == "ticket").List("emailConfigs"));
        Assert.DoesNotContain("pager-url", Render("dev"), StringComparison.Ordinal);
        var notifier = (YamlMap)page.List("webhookConfigs")!.Last();
        var token = notifier.Map("httpConfig")!.Map("authorization")!.Map("credentials")!;
        Assert.Equal(("http://notifier:8080/alerts", "shop-parameters", "notifier-token"), (
            notifier.Text("url"), token.Text("name"), token.Text("key")));
    }

    [Fact]
    public void AlertsLeadToThePlaybooksWhichHaveTheDashboardsOfTheirEnvironment()
    {
        var graph = new TestGraph();
        graph.AddEnvironment("dev", context: "k3d-shop");
        graph.AddService("catalog").WithMetricsEndpoint("management");
        graph.AddMonitoring().WithPlaybooks<Shop.PlaybooksProject>();

        var rule = Render("dev", graph);

        Assert.Contains("runbook_url: http://playbooks:8080/runbooks/TargetDown.md\n", rule, StringComparison.Ordinal);
        Assert.Equal(["catalog.json", "monitoring-overview.json"], Dashboards(rule));
        Assert.Contains("probe.json", Dashboards(Render("dev")));
        Assert.DoesNotContain("probe.json", Dashboards(Render("prod")));
        Assert.Contains("runbook_url: https://example.org/runbooks/TargetDown.md\n", Render("dev"), StringComparison.Ordinal);

        static IEnumerable<string> Dashboards(string text) => YamlReader.ReadAll(text).Cast<YamlMap>()
            .Single(o => o.Text("kind") == "ConfigMap" && o.Map("metadata")!.Text("name") == "playbooks-dashboards")
            .Map("data")!.Select(file => file.Key).Order();
    }

    [Fact]
    public void WhatHappenedIsMarkedOnDashboards_WhereThereArePlaybooks()
    {
        var graph = new TestGraph();
        graph.AddEnvironment("dev", context: "k3d-shop");
        graph.AddService("catalog").WithMetricsEndpoint("management");
        graph.AddMonitoring();
        Assert.DoesNotContain("\"annotations\"", Render("dev", graph), StringComparison.Ordinal);

        var text = Render("prod");
        var objects = YamlReader.ReadAll(text).Cast<YamlMap>().ToList();

        Assert.All(objects.Where(o => o.Text("kind") == "GrafanaDashboard"), d =>
        {
            using var json = JsonDocument.Parse(d.Map("spec")!.Text("json")!);
            var query = json.RootElement.GetProperty("annotations").GetProperty("list")[0];
            Assert.True(query.GetProperty("enable").GetBoolean() && query.GetProperty("useValueForTime").GetBoolean());
        });
        var monitor = objects.Single(o => o.Text("kind") == "PodMonitor" && o.Map("metadata")!.Text("name") == "playbooks");
        Assert.Equal("http", ((YamlMap)monitor.Map("spec")!.List("podMetricsEndpoints")!.Single()).Text("port"));
        var pod = objects.Single(o => o.Text("kind") == "Deployment" && o.Map("metadata")!.Text("name") == "playbooks")
            .Map("spec")!.Map("template")!.Map("spec")!;
        var volume = pod.List("volumes")!.Cast<YamlMap>().Single(v => v.Text("name") == "history").Map("configMap")!;
        Assert.EndsWith("-prod-activity", volume.Text("name"), StringComparison.Ordinal);
        Assert.Equal("true", volume.Text("optional"));
    }

    [Fact]
    public void AnEnvironmentHasItsOwnObjectivesAndTargets()
    {
        var (dev, prod) = (Render("dev"), Render("prod"));

        Assert.Contains("vector(0.999)", dev, StringComparison.Ordinal);
        Assert.Contains("vector(0.9995)", prod, StringComparison.Ordinal);
        Assert.Contains("name: probe\n", dev, StringComparison.Ordinal);
        Assert.DoesNotContain("name: probe\n", prod, StringComparison.Ordinal);
    }

    [Fact]
    public void NothingOfMonitoringIsClusterScoped() =>
        Assert.DoesNotContain("ClusterRole", Render("prod"), StringComparison.Ordinal);

    [Fact]
    public void OnlyThePrometheusOfTheEnvironmentIsLetIn()
    {
        var policies = YamlReader.ReadAll(Render("prod")).Cast<YamlMap>().Where(o => o.Text("kind") == "NetworkPolicy").ToList();
        var catalog = policies.Single(p => p.Map("metadata")!.Text("name") == "catalog")
            .Map("spec")!.List("ingress")!.Cast<YamlMap>().ToList();

        var scrape = catalog.Single(r => r.List("ports")!.Cast<YamlMap>().Any(p => p.Text("port") == "8081"));
        var peer = (YamlMap)Assert.Single(scrape.List("from")!);
        Assert.Null(peer.Map("namespaceSelector"));
        Assert.Equal("prometheus", peer.Map("podSelector")!.Map("matchLabels")!.Text("app.kubernetes.io/name"));
    }

    [Fact]
    public void DashboardsAreJsonWithStableUidsAndDistinctPanels()
    {
        var dashboards = YamlReader.ReadAll(Render("prod")).Cast<YamlMap>().Where(o => o.Text("kind") == "GrafanaDashboard")
            .ToList();

        Assert.Equal([
            "cache", "catalog", "checkout", "monitoring-overview", "notifier",
        ], dashboards.Select(d => d.Map("metadata")!.Text("name")).Order());
        Assert.All(dashboards, d =>
        {
            using var json = JsonDocument.Parse(d.Map("spec")!.Text("json")!);
            Assert.Equal(d.Map("metadata")!.Text("name"), json.RootElement.GetProperty("uid").GetString());
            var ids = json.RootElement.GetProperty("panels").EnumerateArray().Select(p => p.GetProperty("id").GetInt32())
                .ToList();
            Assert.Equal(ids.Distinct(), ids);
        });
    }

    [Theory]
    [InlineData(1.0, 50, "part of all calls")]
    [InlineData(0.999, 60, "60 ms is not counted")]
    public void AnObjectiveThatCannotBeMeantIsRefused(double availability, int milliseconds, string fault)
    {
        var service = new TestGraph().AddService("catalog");

        var refused = Assert.Throws<DistributedApplicationException>(
            () => service.WithServiceLevel(availability, (0.99, TimeSpan.FromMilliseconds(milliseconds))));

        Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
        Assert.Contains("PublishedMonitoringTests.cs", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MonitoringIsAddedOnce()
    {
        var graph = new TestGraph();
        graph.AddMonitoring();

        Assert.Throws<DistributedApplicationException>(() => graph.AddMonitoring("another"));
    }

    private static YamlMap Spec(IReadOnlyList<YamlMap> objects, string kind) =>
        objects.Single(o => o.Text("kind") == kind).Map("spec")!;

    private static string Render(string environment, TestGraph? graph = null)
    {
        var tree = ManifestTree.InMemory(Publication.Build((graph ?? Shop.Create()).Model), Path.GetTempPath());
        var rendered = new Renderer(tree).Render(environment);
        return ManifestText.Of(rendered.Objects);
    }
}
