using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Deploy.Model;
using MonoRepo.Hosting;
using MonoRepo.Hosting.Kubernetes.Graph;
using MonoRepo.Hosting.Kubernetes.Overlays;

namespace MonoRepo.Tests;

public sealed class ValidationTests
{
    [Fact]
    public void EveryFaultIsListedAtOnce()
    {
        var graph = new TestGraph();
        graph.AddEnvironment("prod", context: "prod", @namespace: "Not A Namespace");
        var parameter = graph.AddResource(new ParameterResource("size", _ => "", secret: false));
        graph.AddService("a")
            .WithResources(memoryRequest: "2Gi", memoryLimit: "1Gi")
            .WithEnvironment("SIZE", parameter)
            .In("production", a => a.WithReplicas(3));
        graph.AddService("b").WithAutoscaling(5, 2, 200).WithEnvironment("9LIVES", "1");
        graph.AddResource(new ExecutableResource("tool", "tool", "."));
        graph.AddResource(new ContainerResource("box"))
            .WithAnnotation(new ContainerImageAnnotation { Image = "box", Tag = "latest" })
            .WithHttpEndpoint()
            .WithStorage("lots");
        graph.AddService("a-headless");
        graph.AddService("sized").WithResources(cpuRequest: "foo", memoryRequest: "-1", memoryLimit: "0");
        graph.AddService("limited")
            .WithQuota("country", perSecond: -1, burst: 0)
            .WithQuota("tenant", perSecond: 100, burst: 5, scope: QuotaScope.Shared);
        graph.AddService("users").WithEndUsers("http://login.example.com", "");

        var errors = Assert.Throws<PublishException>(() => Publication.Build(graph.Model)).Errors;
        var texts = errors.Select(f => f.ToString()).ToList();
        Assert.Contains(texts, t => t.Contains("prod: namespace: 'Not A Namespace'"));
        Assert.Contains(texts, t =>
            t.StartsWith("ValidationTests.cs:") && t.Contains("a: environment: 'production' is unknown; declared are prod"));
        Assert.Contains(
            texts, t => t.StartsWith("ValidationTests.cs:") && t.Contains("a: memory limit: 1Gi is below the request 2Gi"));
        Assert.Contains(texts, t => t.Contains("size: value: has no value in 'prod', but 'a' uses it"));
        Assert.Contains(texts, t => t.Contains("b: autoscaling: min 5, max 2"));
        Assert.Contains(texts, t => t.Contains("b: autoscaling: target CPU 200"));
        Assert.Contains(texts, t => t.Contains("b: variable '9LIVES'"));
        Assert.Contains(texts, t => t.Contains("tool: image"));
        Assert.Contains(texts, t => t.Contains("box: image"));
        Assert.Contains(texts, t => t.Contains("box: endpoint 'http': has no target port"));
        Assert.Contains(texts, t => t.Contains("box: storage size: 'lots' is no quantity"));
        Assert.Contains(texts, t => t.Contains("sized: CPU request: 'foo' is no quantity. Write it like 500m or 2"));
        Assert.Contains(texts, t => t.Contains("sized: memory request: -1 has to be more than 0. Write it like 10Gi or 500Mi"));
        Assert.Contains(texts, t => t.Contains("sized: memory limit: 0 has to be more than 0"));
        Assert.Contains(texts, t => t.Contains("box: storage: has a size but nothing is kept there"));
        Assert.Contains(texts, t =>
            t.StartsWith("ValidationTests.cs:") && t.Contains("limited: quota 'country': 'country' isn't a dimension"));
        Assert.Contains(texts, t => t.Contains("limited: quota 'country': -1 per second isn't a rate"));
        Assert.Contains(texts, t => t.Contains("limited: quota 'country': 0 isn't a burst"));
        Assert.Contains(texts, t => t.Contains("limited: quota 'tenant': 5 isn't a burst"));
        Assert.Contains(texts, t => t.Contains("limited: quota 'tenant': is shared, and the service has no reference to Redis"));
        Assert.Contains(texts, t =>
            t.StartsWith("ValidationTests.cs:") && t.Contains("users: end users: 'http://login.example.com' isn't the address"));
        Assert.Contains(texts, t => t.StartsWith("ValidationTests.cs:") && t.Contains("users: end users: the audience is empty"));
        Assert.All(errors, f => Assert.NotEmpty(f.Fix));
    }

    [Fact]
    public void TwoResourcesThatMakeTheSameObjectAreNamed()
    {
        var graph = new TestGraph();
        graph.AddService("a");
        graph.AddService("a-headless");
        var error = Assert.Single(
            Assert.Throws<PublishException>(() => Publication.Build(graph.Model)).Errors, f => f.Problem.Contains("Service"));
        Assert.Contains("'a-headless'", error.Problem);
    }

    [Fact]
    public void WhatCannotBeMountedIsAnError()
    {
        using var folder = new TemporaryFolder();
        folder.Write("files/sub/x", "x");
        File.WriteAllBytes(Path.Combine(folder.Path, "binary"), [0xff, 0xfe, 0x00]);
        var graph = new TestGraph();
        graph.AddResource(new ContainerResource("box"))
            .WithAnnotation(new ContainerImageAnnotation { Image = "box", Tag = "1" })
            .WithAnnotation(new ContainerMountAnnotation(
                Path.Combine(folder.Path, "files"), "/files", ContainerMountType.BindMount, true))
            .WithAnnotation(new ContainerMountAnnotation(
                Path.Combine(folder.Path, "binary"), "/binary", ContainerMountType.BindMount, true))
            .WithAnnotation(new ContainerMountAnnotation(
                Path.Combine(folder.Path, "gone"), "/gone", ContainerMountType.BindMount, true))
            .WithAnnotation(new ContainerMountAnnotation(folder.Path, "/work", ContainerMountType.BindMount, false));
        var errors = Assert.Throws<PublishException>(() => Publication.Build(graph.Model)).Errors;
        Assert.Equal(
            ["bind mount '/binary'", "bind mount '/files'", "bind mount '/gone'", "bind mount '/work'"],
            errors.Select(f => f.Field));
        Assert.DoesNotContain(errors, f => f.ToString().Contains(folder.Path));
    }

    [Fact]
    public void ASettingThatWouldLeakIntoAllEnvironmentsIsRefused()
    {
        var graph = new TestGraph();
        var service = graph.AddResource(new ContainerResource("box"))
            .WithAnnotation(new ContainerImageAnnotation { Image = "box", Tag = "1" });
        var exception = Assert.Throws<DistributedApplicationException>(
            () => service.In("prod", b => b.Resource.Annotations.OfType<ContainerImageAnnotation>().Single().Tag = "2"));
        Assert.Contains("ValidationTests.cs:", exception.Message);
        var web = graph.AddWeb("web");
        exception = Assert.Throws<DistributedApplicationException>(() => web.In("prod", w => w.WithExternalHttpEndpoints()));
        Assert.Contains("endpoints are the same in every environment", exception.Message);
    }

    [Fact]
    public void AnAnnotationThatIsAppendedDirectlyCountsInTheEnvironmentOnly()
    {
        var graph = new TestGraph();
        var service = graph.AddService("a").In("prod", a => a.Resource.Annotations.Add(new PriorityClassAnnotation("high")));
        Assert.Null(new EffectiveAnnotations(service.Resource, null).Last<PriorityClassAnnotation>());
        Assert.Equal("high", new EffectiveAnnotations(service.Resource, "prod").Last<PriorityClassAnnotation>()?.Name);
    }

    [Fact]
    public void VersionsOfOneImage_AreRefused()
    {
        var graph = new TestGraph();
        graph.AddEnvironment("dev", context: "dev");
        graph.AddEnvironment("prod", context: "prod");
        graph.AddImage("old", "redis", "7.4");
        graph.AddImage("new", "redis", "8.0").OnlyIn(["prod"]);
        graph.AddImage("same", "redis", "7.4");
        graph.AddImage("elsewhere", "redis", "8.0", registry: "docker.io/library");
        graph.AddImage("sidecar", "box", "1").WithAnnotation(new ManifestObjectAnnotation("""
            apiVersion: v1
            kind: Pod
            metadata: {name: s}
            spec: {initContainers: [{name: other, image: "box:2", restartPolicy: Always}]}
            """));
        graph.AddImage("brought", "postgres", "17.2").WithAnnotation(new ManifestObjectAnnotation("""
            apiVersion: monitoring.coreos.com/v1
            kind: Prometheus
            metadata: {name: p}
            spec: {image: "postgres:16"}
            """));
        graph.AddService("web");
        graph.AddImage("pulled", "web", "1");

        var errors = Errors(graph);

        Assert.Equal(["brought", "old", "same", "sidecar", "web"], errors.Select(f => f.Resource));
        var error = Assert.Single(errors, f => f.Resource == "old");
        Assert.Equal("image", error.Field);
        Assert.Contains("is redis:7.4, and that of 'new' is redis:8.0", error.Problem);
    }

    [Fact]
    public void ProbesThatCannotSucceed_AreRefused()
    {
        var graph = new TestGraph();
        graph.AddEnvironment("prod", context: "prod");
        graph.AddService("stated").WithHttpGetProbe(PodProbe.Liveness, "/alive", "grpc");
        graph.AddImage("checked", "box", "1").WithHttpEndpoint(targetPort: 80).WithEndpoint(
            "http", e => e.Transport = "http2").WithHttpHealthCheck("/health");
        graph.AddImage("tls", "box", "1").WithHttpsEndpoint(targetPort: 443, name: "grpc").WithGrpcProbe(PodProbe.Readiness);
        graph.AddWeb("http1").WithGrpcProbe(PodProbe.Startup, endpointName: "http");
        graph.AddImage("nowhere", "box", "1").WithHttpEndpoint(targetPort: 80).WithHttpGetProbe(PodProbe.Readiness, "/", "gone");
        // Over TLS a kubelet speaks HTTP/2, and gRPC without TLS.
        graph.AddImage("fine", "box", "1").WithHttpsEndpoint(targetPort: 443).WithEndpoint(
            "https", e => e.Transport = "http2").WithHttpHealthCheck("/health");
        graph.AddService("fine-too").WithGrpcProbe(PodProbe.Readiness);

        var errors = Errors(graph);

        Assert.Equal(
            [
                ("checked", "HTTP health check"), ("http1", "Startup probe"), ("nowhere", "Readiness probe"),
                ("stated", "Liveness probe"),
                ("tls", "Readiness probe"),
            ],
            errors.Select(f => (f.Resource, f.Field)));
    }

    [Fact]
    public void NamesThatClustersCannotHold_AreListedAtOnce()
    {
        var graph = new TestGraph();
        graph.AddEnvironment("prod", context: "prod");
        graph.AddResource(new ContainerResource(new string('m', 64))).ExcludeFromManifest();
        graph.AddResource(new TestGraph.Brought(new string('n', 64))).WithAnnotation(new ManifestObjectAnnotation("""
            {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
            """));
        graph.AddImage("ports", "box", "1").WithHttpEndpoint(
            targetPort: 1, name: "administration-a").WithHttpEndpoint(targetPort: 2, name: "administration-b");
        graph.AddWeb("metrics").WithMetricsEndpoint("management");
        graph.AddImage("silent", "box", "1").WithMetricsEndpoint();
        graph.AddImage(new string('t', 45), "box", "1")
            .WithAnnotation(new ScheduledTaskAnnotation("backup-all", new("0 0 * * *"), ["true"]));
        graph.AddImage("never", "box", "1").PublishAsCronJob("0 25 * * *");
        graph.AddImage("nowhere", "box", "1").PublishAsCronJob("0 5 * * *", "Europe/Bielefeld");
        graph.AddImage("beside", "box", "1").WithAnnotation(new SidecarAnnotation("Beside_It", ["true"]));

        var errors = Errors(graph);

        Assert.Equal(
            [
                ("beside", "sidecar"), ("metrics", "metrics"), ("never", "schedule"), (new string('n', 64), "name"),
                ("nowhere", "schedule"), ("ports", "endpoints 'administration-a', 'administration-b'"),
                ("silent", "metrics"), (new string('t', 45), "scheduled task"),
            ],
            errors.Select(f => (f.Resource, f.Field)));
        Assert.Contains(
            "'management', which the resource does not have; it has 'http'", errors.Single(f => f.Resource == "metrics").Problem);
    }

    [Fact]
    public void AccessThatNobodyHas_IsRefused()
    {
        var graph = new TestGraph();
        graph.AddEnvironment("prod", context: "prod");
        var service = graph.AddService("service");
        var caller = graph.AddWeb("caller").WithReference(service);
        var stranger = graph.AddWeb("stranger");
        service.WithAccess(stranger, "a.v1.A/Get").WithAccess(caller, "*/Get", "a.v1.A/*").In("prod", s => s.WithAccess(caller));

        var errors = Errors(graph);

        Assert.Equal(
            ["'*/Get' isn't a method", "'caller' may call no method", "'stranger' doesn't refer to it"],
            errors.Where(e => (e.Resource, e.Field) == ("service", "access")).Select(e => e.Problem).Distinct().Order());
    }

    [Fact]
    public void CertificatesThatCallersOrProbesLack_AreListedAtOnce()
    {
        var graph = new TestGraph();
        graph.AddEnvironment("prod", context: "prod");
        var server = graph.AddService("server").In("prod", s => s.WithMutualTls("server-tls"));
        graph.AddWeb("caller").WithReference(server);
        graph.AddWeb("good").WithReference(server).WithMetricsEndpoint().WithMutualTls("good-tls");
        graph.AddImage("box", "box", "1").WithEnvironment("SERVER", server.GetEndpoint("grpc"));
        graph.AddWeb("job").PublishAsJob().WithMutualTls("job-tls");
        graph.AddWeb("unprobed").WithMutualTls("unprobed-tls");
        var scraped = graph.AddWeb("scraped").WithMetricsEndpoint().WithMutualTls("Not A Name");
        graph.AddWeb("reader").WithReference(scraped).WithMetricsEndpoint().WithMutualTls("reader-tls");

        var errors = Errors(graph);

        Assert.Equal(["box", "caller", "scraped", "scraped", "unprobed"], errors.Select(e => e.Resource));
        Assert.All(errors, e => Assert.StartsWith("ValidationTests.cs:", e.ToString(), StringComparison.Ordinal));
        Assert.Contains(
            ": caller: mutual TLS: 'server' asks its callers for a certificate at 'grpc'. Add WithMutualTls(…)",
            errors[1].ToString(), StringComparison.Ordinal);
        Assert.Equal(
            [
                "'Not A Name' isn't a valid name of a Secret",
                "'reader' calls 'http', where metrics are read and which so has no TLS",
                "no endpoint is left for probes, as a kubelet has no certificate",
            ],
            errors.Skip(2).Select(e => e.Problem).Order(StringComparer.Ordinal));
    }

    private static IReadOnlyList<ValidationError> Errors(TestGraph graph) =>
        Assert.Throws<PublishException>(() => Publication.Build(graph.Model)).Errors;
}
