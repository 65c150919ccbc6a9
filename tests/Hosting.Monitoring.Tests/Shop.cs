using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;

namespace MonoRepo.Tests;

/// <summary>A shop with all that a resource can declare for monitoring.</summary>
internal static class Shop
{
    public static TestGraph Create()
    {
        var graph = new TestGraph();
        graph.AddEnvironment("dev", context: "k3d-shop");
        graph.AddEnvironment("prod", context: "prod", configure: e => e
            .WithParameterSecret("shop-parameters")
            .WithDeployer("https://git.example.org/shop.git", "registry.example.org/shop/deployer:1.0")
            .WithSummary());

        var catalog = Scraped(graph, "catalog")
            .WithServiceLevel(availability: 0.999, latency: (0.99, TimeSpan.FromMilliseconds(50)))
            .WithAlertRules(new AlertRule(
                "CatalogEmpty", "catalog_items == 0", TimeSpan.FromMinutes(10), AlertSeverity.Ticket,
                "The catalog of {{ $labels.pod }} is empty."))
            .WithGrafanaDashboard("Catalog", new DashboardPanel("Items", "catalog_items{job=\"catalog\"}"))
            .In("prod", c => c.WithServiceLevel(availability: 0.9995, latency: (0.99, TimeSpan.FromSeconds(1))));
        Scraped(graph, "checkout").WithReference(catalog.GetEndpoint("grpc"));
        Scraped(graph, "probe").OnlyIn(["dev"]);

        var cache = graph.AddRedisCluster("cache").WithMonitoring();
        catalog.WithReference(cache);

        var slack = graph.AddParameter("slack-url", () => "https://hooks.example.org/never-shown", secret: true);
        var pager = graph.AddParameter("pager-url", () => "https://pager.example.org/never-shown", secret: true);
        var mail = graph.AddParameter("mail-password", () => "never-shown", secret: true);
        graph.AddMonitoring()
            .WithLinks(runbooks: "https://example.org/runbooks/")
            .WithNotifier<NotifierProject>(cache)
            .WithPlaybooks<PlaybooksProject>()
            .In("prod", m => m
                .WithStorage("50Gi")
                .WithRetention(TimeSpan.FromDays(90))
                .WithSlackReceiver("#shop", slack)
                .WithWebhookReceiver(pager, only: AlertSeverity.Page, port: 8443)
                .WithEmailReceiver(
                    "shop@example.org", "alerts@example.org", "smtp.example.org", username: "alerts", password: mail,
                    only: AlertSeverity.Ticket));
        return graph;
    }

    private sealed class NotifierProject : IProjectMetadata
    {
        public string ProjectPath => Repository.PathOf("Notifier", "Notifier.csproj");
    }

    internal sealed class PlaybooksProject : IProjectMetadata
    {
        public string ProjectPath => Repository.PathOf("Playbooks", "Playbooks.csproj");
    }

    private static IResourceBuilder<ProjectResource> Scraped(TestGraph graph, string name) =>
        graph.AddService(name).WithMetricsEndpoint("management");
}
