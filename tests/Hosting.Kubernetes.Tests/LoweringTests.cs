using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Yaml;
using MonoRepo.Hosting;
using MonoRepo.Hosting.Kubernetes.Images;

namespace MonoRepo.Tests;

public sealed class LoweringTests
{
    [Fact]
    public void ExternalEndpointsBecomeRoutesOfAGateway()
    {
        var graph = new TestGraph();
        graph.AddEnvironment(
            "prod", context: "prod", configure: e => e.WithGatewayRoutes("public", "example.org", "gateways", "https"));
        graph.AddWeb("web").WithExternalHttpEndpoints();
        graph.AddService("api").WithEndpoint("grpc", e => e.IsExternal = true);
        graph.AddService("inner");
        var objects = Render(graph);
        Assert.Equal("8080", Settings(objects, "api").Text("CallContext__ExternalPorts"));
        Assert.Null(Settings(objects, "inner").Text("CallContext__ExternalPorts"));
        var web = Find(objects, "HTTPRoute", "web").Map("spec")!;
        Assert.Equal("web.example.org", Assert.Single(web.List("hostnames")!).ToString());
        var parent = Assert.IsType<YamlMap>(Assert.Single(web.List("parentRefs")!));
        Assert.Equal(
            ("public", "gateways", "https"), (parent.Text("name"), parent.Text("namespace"), parent.Text("sectionName")));
        Assert.Equal(
            "api.example.org", Assert.Single(Find(objects, "GRPCRoute", "api").Map("spec")!.List("hostnames")!).ToString());
    }

    [Fact]
    public void EndUsersOfOneEnvironmentAreSettingsAndAnOpenPort()
    {
        var graph = new TestGraph();
        graph.AddEnvironment("prod", context: "prod");
        graph.AddService("a")
            .WithEndUsers("https://login.example.org", "todo", tenantClaim: "org")
            .In("prod", a => a.WithEndUsers("https://login.example.com:8443", "todo"));
        var objects = Render(graph);
        Assert.Equal("https://login.example.com:8443", Settings(objects, "a").Text("EndUsers__Authority"));
        Assert.Equal("todo", Settings(objects, "a").Text("EndUsers__Audience"));
        Assert.Null(Settings(objects, "a").Text("EndUsers__TenantClaim"));
        Assert.Contains(
            "8443", YamlWriter.ToText(Find(objects, "NetworkPolicy", "a").Map("spec")!.List("egress")!),
            StringComparison.Ordinal);
    }

    [Fact]
    public void SecretKeyIsWhereThePodsFindTheParameter()
    {
        var graph = new TestGraph();
        graph.AddEnvironment("prod", context: "prod");
        var token = graph.AddParameter("token", secret: true).WithSecretKey("vault", "api-token");
        var pin = graph.AddParameter("pin", secret: true).WithSecretKey("vault")
            .In("prod", p => p.WithSecretKey(key: "door"));
        graph.AddService("a").WithEnvironment("TOKEN", token).WithEnvironment("PIN", pin);

        var container = Find(Render(graph), "Deployment", "a").ItemsAt("spec", "template", "spec", "containers").Single();

        var keys = container.List("env")!.Cast<YamlMap>().ToDictionary(v => v.Text("name")!, v => (
            v.TextAt("valueFrom", "secretKeyRef", "name"), v.TextAt("valueFrom", "secretKeyRef", "key")));
        Assert.Equal(("vault", "api-token"), keys["TOKEN"]);
        Assert.Equal(("parameters", "door"), keys["PIN"]);
    }

    [Fact]
    public void WhatWasDoneToAnEnvironmentIsMountedThere()
    {
        var graph = new TestGraph();
        graph.AddEnvironment("prod", context: "prod");
        graph.AddService("a").WithAnnotation(new ActivityLogMountAnnotation("/var/history/log"));

        Assert.Contains(
            "mountPath: /var/history", YamlWriter.ToText(Find(Render(graph), "Deployment", "a")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ScheduledTask_IsACronJobOfTheImageOfItsService()
    {
        var graph = new TestGraph();
        graph.AddEnvironment("prod", context: "prod", registry: "registry.example.org");
        graph.AddScheduledTask<TodoProject>("compaction", "0 3 * * *", "Europe/Berlin").WithEnvironment("Keep", "7");
        graph.AddProject<TodoProject>(
            "todo", options => (options.ExcludeLaunchProfile, options.ExcludeKestrelEndpoints) = (true, true));

        var objects = Render(graph);

        var job = Find(objects, "CronJob", "compaction").Map("spec")!;
        Assert.Equal(("0 3 * * *", "Europe/Berlin"), (job.Text("schedule"), job.Text("timeZone")));
        var container = job.ItemsAt("jobTemplate", "spec", "template", "spec", "containers").Single();
        Assert.Equal("registry.example.org/todo", container.Text("image"));
        Assert.Equal(["--scheduled-task", "compaction"], container.List("args")!.Select(a => a.ToString()));
        Assert.Null(container.List("ports"));
        Assert.DoesNotContain(objects, o => o.Text("kind") == "Service" && o.TextAt("metadata", "name") == "compaction");
        Assert.Equal("7", Settings(objects, "compaction").Text("Keep"));
        var sources = await ImageSources.OfAsync(
            graph.Model, "prod", new HashSet<string> { "todo", "compaction" }, TestContext.Current.CancellationToken);
        Assert.Equal("todo", Assert.Single(sources).Name);
    }

    [Fact]
    public void AnAutoscaledDeploymentStatesNoReplicas()
    {
        var graph = new TestGraph();
        graph.AddEnvironment("prod", context: "prod");
        graph.AddService("a").WithReplicas(3).WithAutoscaling(2, 4);
        var objects = Render(graph);
        Assert.Null(Find(objects, "Deployment", "a").Map("spec")!["replicas"]);
        Assert.Equal("2", Find(objects, "HorizontalPodAutoscaler", "a").Map("spec")!.Text("minReplicas"));
    }

    [Fact]
    public void Quotas_AreSettings_AndAnEnvironmentReplacesThem()
    {
        var graph = new TestGraph();
        graph.AddEnvironment("prod", context: "prod");
        graph.AddService("a")
            .WithQuota("tenant", perSecond: 100, burst: 200)
            .WithQuota("user", perSecond: 0.5, burst: 3, method: "todo.v1.TodoService/Delete*",
                whenUnavailable: QuotaFallback.Refuse)
            .In("prod", a => a.WithQuota("tenant", perSecond: 1000, burst: 2000));
        var settings = Settings(Render(graph), "a");
        Assert.Equal(("1000", "2000"), (settings.Text("Quotas__tenant__PerSecond"), settings.Text("Quotas__tenant__Burst")));
        Assert.Null(settings.Text("Quotas__tenant__Dimension"));
        const string Narrow = "Quotas__user-todo-v1-TodoService-Delete__";
        Assert.Equal(("0.5", "user", "todo.v1.TodoService/Delete*", "refuse"), (
            settings.Text(Narrow + "PerSecond"), settings.Text(Narrow + "Dimension"), settings.Text(Narrow + "Method"),
            settings.Text(Narrow + "WhenUnavailable")));
    }

    [Fact]
    public void ADeploymentWithoutAReadinessProbeSettles()
    {
        var graph = new TestGraph();
        graph.AddEnvironment("prod", context: "prod");
        graph.AddResource(new ProjectResource("silent"));
        graph.AddService("probed");

        var objects = Render(graph);

        Assert.Equal("5", Find(objects, "Deployment", "silent").Map("spec")!.Text("minReadySeconds"));
        Assert.Null(Find(objects, "Deployment", "probed").Map("spec")!["minReadySeconds"]);
    }

    [Fact]
    public void AJobIsNamedByItsContent()
    {
        static string Name(string value)
        {
            var graph = new TestGraph();
            graph.AddEnvironment("prod", context: "prod");
            graph.AddResource(new ProjectResource("migrate")).WithEnvironment("A", value).PublishAsJob();
            return Render(graph).Single(o => o.Text("kind") == "Job").Map("metadata")!.Text("name")!;
        }

        Assert.Equal(Name("1"), Name("1"));
        Assert.NotEqual(Name("1"), Name("2"));
        Assert.StartsWith("migrate-", Name("1"), StringComparison.Ordinal);
    }

    [Fact]
    public void TheVersionIsInNoTemplateSelectorOrClaim()
    {
        foreach (var one in Render(Shop.Create(), "prod"))
        {
            Assert.DoesNotContain("monorepo/version", YamlWriter.ToText(one.Map("spec") ?? new YamlMap()));
        }
    }

    [Fact]
    public void RenamingAServiceChangesItsCallers()
    {
        static YamlMap Settings(string name)
        {
            var graph = new TestGraph();
            graph.AddEnvironment("prod", context: "prod");
            graph.AddWeb("web").WithReference(graph.AddService(name));
            return LoweringTests.Settings(Render(graph), "web");
        }

        Assert.Equal("http://old-headless:8080", Settings("old").Text("services__old__grpc__0"));
        Assert.Equal("http://new-headless:8080", Settings("new").Text("services__new__grpc__0"));
    }

    [Fact]
    public void AProjectIsServedOnThePortOfItsKestrelSettings()
    {
        var graph = new TestGraph();
        graph.AddEnvironment("prod", context: "prod");
        // As AddProject reads them from appsettings.json.
        var todo = graph.AddService("todo").WithEndpoint(
            "grpc", e => e.TargetPort = 8081).WithEndpoint("management", e => e.TargetPort = 0);
        graph.AddWeb("web").WithEndpoint("http", e => e.Port = 5000).WithReference(todo.GetEndpoint("grpc"));
        var objects = Render(graph);

        Assert.Equal([("grpc", "8081"), ("management", "8080")], Ports(Find(objects, "Service", "todo")));
        // A launch profile's port is the developer's own.
        Assert.Equal([("http", "8080")], Ports(Find(objects, "Service", "web")));
        Assert.Equal("http://*:8081", Settings(objects, "todo").Text("Kestrel__Endpoints__grpc__Url"));
        Assert.Equal("http://todo-headless:8081", Settings(objects, "web").Text("services__todo__grpc__0"));

        static (string?, string?)[] Ports(YamlMap service) =>
            [.. service.Map("spec")!.List("ports")!.Cast<YamlMap>().Select(p => (p.Text("name"), p.Text("port")))];
    }

    [Fact]
    public void ServicesSendTelemetryWhereThereIsAReceiver()
    {
        var graph = new TestGraph();
        graph.AddEnvironment("dev", context: "dev");
        graph.AddEnvironment("prod", context: "prod");
        graph.AddTelemetryDashboard("telemetry").OnlyIn(["dev"]);
        graph.AddService("api");
        var dev = Render(graph, "dev");
        Assert.Equal("http://telemetry-headless:18889", Settings(dev, "api").Text("OTEL_EXPORTER_OTLP_ENDPOINT"));
        Assert.Contains(
            "value: x-otlp-api-key=$(PARAMETER_TELEMETRY_API_KEY)", YamlWriter.ToText(Find(dev, "Deployment", "api")));
        Assert.Contains("port: 18889", YamlWriter.ToText(Find(dev, "NetworkPolicy", "api").Map("spec")!.List("egress")!));
        Assert.Contains(
            "app.kubernetes.io/name: api",
            YamlWriter.ToText(Find(dev, "NetworkPolicy", "telemetry").Map("spec")!.List("ingress")!));

        var prod = Render(graph);
        Assert.DoesNotContain("telemetry", ManifestText.Of(prod));
        Assert.DoesNotContain("OTEL_EXPORTER", ManifestText.Of(prod));
    }

    [Fact]
    public void SecretsAreReferencesEverywhere()
    {
        var text = ManifestText.Of(Render(Shop.Create(), "prod"));
        Assert.Contains("value: store:6379,password=$(PARAMETER_STORE_PASSWORD)", text);
        Assert.Contains("name: shop-parameters", text);
    }

    [Fact]
    public void TlsEndpointsOfContainers_AreProbedByTls()
    {
        var graph = new TestGraph();
        graph.AddEnvironment("prod", context: "prod");
        graph.AddImage("checked", "box", "1").WithHttpsEndpoint(targetPort: 8443).WithHttpHealthCheck("/ready");
        graph.AddImage(
            "stated", "box", "1").WithHttpsEndpoint(targetPort: 8443).WithHttpGetProbe(PodProbe.Liveness, "/alive", "https");
        graph.AddImage("plain", "box", "1").WithHttpEndpoint(targetPort: 8080).WithHttpHealthCheck("/ready");

        var objects = Render(graph);

        Assert.Equal("HTTPS", Probe("checked", "readinessProbe").Map("httpGet")!.Text("scheme"));
        Assert.NotNull(Probe("checked", "livenessProbe").Map("tcpSocket"));
        Assert.Equal("HTTPS", Probe("stated", "livenessProbe").Map("httpGet")!.Text("scheme"));
        Assert.Null(Probe("plain", "readinessProbe").Map("httpGet")!["scheme"]);

        YamlMap Probe(string name, string probe) => Container(Find(objects, "Deployment", name)).Map(probe)!;
    }

    [Fact]
    public void HttpsEndpointsOfProjects_AreServedByHttpInAPod()
    {
        var graph = new TestGraph();
        graph.AddEnvironment("prod", context: "prod", configure: e => e.WithIngress("nginx", "example.org"));
        // As AddProject reads launch profiles with https first, with https only, and as it completes a gRPC service in publish
        // mode.
        var both = graph.AddResource(new ProjectResource("both")).WithHttpsEndpoint(port: 7001).WithHttpEndpoint(port: 5001)
            .WithHttpHealthCheck("/ready", endpointName: "https").WithEndpoint("https", e => e.IsExternal = true);
        var only = graph.AddResource(new ProjectResource("only")).WithHttpsEndpoint(port: 7002).WithHttpHealthCheck("/ready");
        var named = graph.AddService("named").WithHttpsEndpoint(port: 7003).WithHttpsEndpoint(port: 7004, name: "secure");
        graph.AddImage("tls", "box", "1").WithHttpsEndpoint(targetPort: 8443);
        graph.AddWeb("web").WithReference(both).WithReference(only).WithReference(named)
            .WithEnvironment("BOTH", both.GetEndpoint("https")).WithEnvironment("ONLY", only.GetEndpoint("https"))
            .WithEnvironment("SECURE", named.GetEndpoint("secure"));

        var objects = Render(graph);

        var settings = Settings(objects, "web");
        Assert.Equal(
            [
                ("services__both__http__0", "http://both:8080"), ("services__named__grpc__0", "http://named-headless:8080"),
                ("services__named__http__0", "http://named-headless:8080"), ("services__named__secure__0", "http://named:8082"),
                ("services__only__http__0", "http://only:8080"),
            ],
            settings.Where(s => s.Key.StartsWith("services__", StringComparison.Ordinal))
                .Select(s => (s.Key, s.Value.ToString())));
        Assert.Equal("http://both:8080", settings.Text("BOTH"));
        Assert.Equal("http://only:8080", settings.Text("ONLY"));
        Assert.Equal("http://named:8082", settings.Text("SECURE"));
        Assert.Equal("http://*:8080", Settings(objects, "only").Text("Kestrel__Endpoints__https__Url"));
        Assert.Equal("both.example.org", Find(
            objects, "Ingress", "both").Map("spec")!.List("rules")!.Cast<YamlMap>().Single().Text("host"));
        foreach (var (name, port) in new[] { ("both", "http"), ("only", "https") })
        {
            var probe = Container(Find(objects, "Deployment", name)).Map("readinessProbe")!.Map("httpGet")!;
            Assert.Equal(("/ready", port, null), (probe.Text("path"), probe.Text("port"), probe.Text("scheme")));
        }
    }

    [Fact]
    public void Certificates_AreMounted_AndTheirEndpointsServeAndAreCalledByHttps()
    {
        var graph = new TestGraph();
        graph.AddEnvironment("dev", context: "dev");
        graph.AddEnvironment("prod", context: "prod");
        var todo = graph.AddService("todo")
            .WithGrpcProbe(PodProbe.Readiness, timing: new(Period: 3)).WithGrpcProbe(PodProbe.Liveness, service: "liveness")
            .WithEndpoint("public", e => (e.UriScheme, e.Transport, e.IsExternal) = ("http", "http2", true))
            .In("prod", t => t.WithMutualTls("todo-tls"));
        var orders = graph.AddWeb("orders").WithHttpsEndpoint().WithEndpoint("management", e => e.UriScheme = "http")
            .WithHttpHealthCheck(
                "/ready", endpointName: "http").WithMutualTls("orders-tls").In("prod", o => o.WithMutualTls("orders-prod-tls"));
        graph.AddWeb("web").WithReference(todo).WithReference(orders).WithEnvironment(
            "ORDERS", orders.GetEndpoint("http")).WithMetricsEndpoint()
            .WithEnvironment("Access__Certificates", "/on-this-machine").WithMutualTls("web.tls");

        var objects = Render(graph);

        var settings = Settings(objects, "web");
        Assert.Equal(
            [
                ("services__orders__http__0", "https://orders:8080"), ("services__orders__https__0", "https://orders:8080"),
                ("services__orders__management__0", "http://orders:8081"),
                ("services__todo__grpc__0", "https://todo-headless:8080"),
                ("services__todo__public__0", "http://todo-headless:8082"),
            ],
            settings.Where(s => s.Key.StartsWith("services__", StringComparison.Ordinal))
                .Select(s => (s.Key, s.Value.ToString())));
        Assert.Equal("https://orders:8080", settings.Text("ORDERS"));
        Assert.Equal(("http://*:8080", "/var/run/secrets/certificates"), (
            settings.Text("Kestrel__Endpoints__http__Url"), settings.Text("Access__Certificates")));
        settings = Settings(objects, "todo");
        Assert.Equal(
            ("https://*:8080", "Http2", "http://*:8081", "http://*:8082"),
            (settings.Text("Kestrel__Endpoints__grpc__Url"), settings.Text("Kestrel__Endpoints__grpc__Protocols"),
                settings.Text("Kestrel__Endpoints__management__Url"), settings.Text("Kestrel__Endpoints__public__Url")));
        Assert.Equal([null, null, "kubernetes.io/h2c"], Find(
            objects, "Service", "todo").Map("spec")!.List("ports")!.Cast<YamlMap>().Select(p => p.Text("appProtocol")));

        var pod = Find(objects, "Deployment", "todo").Map("spec")!.Map("template")!.Map("spec")!;
        Assert.Equal("1000", pod.Map("securityContext")!.Text("fsGroup"));
        Assert.Equal(("todo-tls", "288"), Secret(pod.List("volumes")!));
        Assert.Equal(
            ("orders-prod-tls", "288"),
            Secret(Find(objects, "Deployment", "orders").Map("spec")!.Map("template")!.Map("spec")!.List("volumes")!));
        Assert.Equal(
            [("/health", "management", "3"), ("/alive", "management", "5")], Probes("todo", "readinessProbe", "livenessProbe"));
        Assert.Equal([("/ready", "management")], Probes("orders", "readinessProbe").Select(p => (p.Path, p.Port)));

        var dev = Render(graph, "dev");
        Assert.Equal("http://todo-headless:8080", Settings(dev, "web").Text("services__todo__grpc__0"));
        Assert.DoesNotContain("todo-tls", ManifestText.Of(dev), StringComparison.Ordinal);
        Assert.NotNull(Container(Find(dev, "Deployment", "todo")).Map("readinessProbe")!.Map("grpc"));

        (string? Path, string? Port, string? Period)[] Probes(string name, params string[] probes) =>
        [
            .. probes.Select(p => Container(Find(objects, "Deployment", name)).Map(p)!)
                .Select(p => (p.Map("httpGet")!.Text("path"), p.Map("httpGet")!.Text("port"), p.Text("periodSeconds"))),
        ];

        static (string?, string?) Secret(YamlList volumes)
        {
            var secret = volumes.Cast<YamlMap>().Single(v => v.Text("name") == "certificates").Map("secret")!;
            return (secret.Text("secretName"), secret.Text("defaultMode"));
        }
    }

    private static YamlMap Container(YamlMap workload) =>
        workload.Map("spec")!.Map("template")!.Map("spec")!.List("containers")!.Cast<YamlMap>().Single();

    private static IReadOnlyList<YamlMap> Render(TestGraph graph, string environment = "prod") =>
        graph.Model.Render(environment).Objects;

    private static YamlMap Settings(IReadOnlyList<YamlMap> objects, string name) =>
        objects.Single(o => o.Text("kind") == "ConfigMap"
        && o.Map("metadata")!.Text("name")!.StartsWith($"{name}-", StringComparison.Ordinal)).Map("data")!;

    private static YamlMap Find(IReadOnlyList<YamlMap> objects, string kind, string name) =>
        objects.Single(o => o.Text("kind") == kind && o.Map("metadata")!.Text("name") == name);

    private sealed class TodoProject : IProjectMetadata
    {
        public string ProjectPath => Path.Combine(Path.GetTempPath(), "Todo.csproj");
    }
}
