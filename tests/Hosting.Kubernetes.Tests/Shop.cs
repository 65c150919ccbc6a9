using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Deploy.Model;
using MonoRepo.Hosting;

namespace MonoRepo.Tests;

/// <summary>A graph that uses every setting once, over four environments.</summary>
internal static class Shop
{
    public static TestGraph Create()
    {
        var graph = new TestGraph();
        graph.AddEnvironment("personal", context: "k3d-shop");
        graph.AddEnvironment("dev", context: "k3d-shop", registry: "registry.localhost:5000",
            configure: e => e.WithIngress("traefik", "dev.example.org"));
        graph.AddEnvironment("staging", context: "staging", registry: "registry.example.org/shop", configure: e => e
            .WithIngress("nginx", "staging.example.org", tlsSecret: "shop-tls")
            .WithLimitRange(cpuRequest: "50m", memoryRequest: "64Mi", memoryLimit: "256Mi"));
        graph.AddEnvironment("prod", context: "prod", @namespace: "shop", registry: "registry.example.org/shop", configure: e => e
            .WithIngress("nginx", "example.org", tlsSecret: "shop-tls")
            .WithImagePullSecret("registry-credentials")
            .WithDeployer("https://git.example.org/shop.git", "registry.example.org/shop/deployer:1.0", schedule: "*/10 * * * *")
            .WithParameterSecret("shop-parameters")
            .WithResourceQuota(cpu: "20", memory: "64Gi", pods: 100));

        var password = graph.AddResource(new ParameterResource("store-password", _ => "", secret: true));
        var currency = graph.AddResource(new ParameterResource("currency", _ => "", secret: false))
            .WithPublishedValue("EUR").In("staging", p => p.WithPublishedValue("USD"));
        var store = graph.AddResource(new Store("store")).Configure(password);

        graph.AddTelemetryDashboard("dashboard").OnlyIn(["personal", "dev"]);

        var catalog = graph.AddService("catalog")
            .WithReference(store)
            .WithEnvironment("Currency", currency)
            .WithEnvironment("Cache__Size", "100")
            .WithEnvironment("Logging__LogLevel__Default", "Information")
            .WithReplicas(2)
            .WithAutoscaling(min: 1, max: 5, targetCpu: 80)
            .WithResources(cpuRequest: "200m", memoryLimit: "300Mi")
            .WithMetricsEndpoint("management")
            .In("dev", c => c.WithEnvironment("Logging__LogLevel__Default", "Debug").WithEnvironment("Cache__Size", "10"))
            .In("prod", c => c.WithAutoscaling(min: 2, max: 10, targetCpu: 60)
                .WithServiceAccountAnnotation("iam.example.org/role", "catalog")
                .WithPodAnnotation("audit", "true")
                .WithMutualTls("catalog-tls")
                .WithSpread("topology.kubernetes.io/zone"));

        graph.AddWeb("frontend")
            .WithReference(catalog)
            .WithHttpHealthCheck("/health")
            .WithExternalHttpEndpoints()
            .WithEgress(443)
            .WithReplicas(2)
            .In("prod", f => f.WithReplicas(4).WithEgress(
                5432, "10.1.0.0/16").WithEnvironment("Banner", "two\nlines").WithMutualTls("frontend-tls"));

        graph.AddResource(new ProjectResource("migrate")).WithReference(store).PublishAsJob();
        graph.AddResource(new ProjectResource("report")).WithReference(catalog).PublishAsCronJob(
            "0 3 * * *", "Europe/Berlin", ConcurrencyPolicy.Replace)
            .In("prod", r => r.WithMutualTls("report-tls"));
        return graph;
    }

    /// <summary>Something like a cluster of its own: members with names, volumes, peers, scripts, a backup.</summary>
    internal sealed class Store(string name) : Resource(name), IResourceWithConnectionString
    {
        public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Empty;
    }

    private static IResourceBuilder<Store> Configure(
        this IResourceBuilder<Store> store, IResourceBuilder<ParameterResource> password)
    {
        var scripts = new Dictionary<string, string>
        {
            ["start.sh"] = "#!/bin/sh\nset -eu\nexec redis-server \"$@\"\n",
            ["ping.sh"] = "#!/bin/sh\nredis-cli ping\n",
        };
        return store
            .WithAnnotation(new ContainerImageAnnotation { Image = "redis", Tag = "8.0.2" })
            .WithAnnotation(new PublishedPortAnnotation("redis", 6379))
            .WithAnnotation(new ConnectionInClusterAnnotation(
                ReferenceExpression.Create($"{new PublishedAddress(store.Resource, "redis")},password={password.Resource}")))
            .WithAnnotation(new MountedFilesAnnotation("scripts", scripts, "/scripts"))
            .WithAnnotation(new MountedFilesAnnotation(
                "topology", new Dictionary<string, string> { ["shards"] = "3\n" }, "/topology", RollOnChange: false))
            .WithAnnotation(new CommandAnnotation(["sh", "/scripts/start.sh"]))
            .WithAnnotation(new PodVariableAnnotation("POD_IP", "status.podIP"))
            .WithAnnotation(new PodVariableAnnotation("MEMORY_LIMIT", "limits.memory"))
            .WithAnnotation(new EnvironmentCallbackAnnotation(context =>
            {
                context.EnvironmentVariables["REDISCLI_AUTH"] =
                password.Resource;
            }))
            .WithAnnotation(new SidecarAnnotation("keeper", ["sh", "/scripts/ping.sh"]))
            .WithAnnotation(new ContainerMountAnnotation("data", "/data", ContainerMountType.Volume, false))
            .WithAnnotation(new ReplicaAnnotation(6))
            .WithAnnotation(new RunAsAnnotation(999, 999))
            .WithAnnotation(new ScheduledTaskAnnotation(
                "backup", new("30 2 * * *"), ["sh", "/scripts/ping.sh"], Volume: "5Gi", VolumePath: "/backup"))
            .WithStableIdentity()
            .WithPeerPorts(6379, 16379)
            .WithStorage("1Gi")
            .WithExecProbe(PodProbe.Readiness, ["sh", "/scripts/ping.sh"])
            .WithTermination(TimeSpan.FromSeconds(60), "sh", "/scripts/ping.sh")
            .In("prod", s => s.WithStorage("20Gi", "fast").WithSpread(required: true)
                .WithAnnotation(new MountedFilesAnnotation(
                    "topology", new Dictionary<string, string> { ["shards"] = "5\n" }, "/topology", RollOnChange: false)));
    }
}
