using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Deploy.Model;
using MonoRepo.Hosting;
using MonoRepo.Hosting.Kubernetes.Graph;
using MonoRepo.Hosting.Kubernetes.Overlays;

namespace MonoRepo.Tests;

public sealed class FaultTests
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

        var faults = Assert.Throws<PublishException>(() => Publication.Build(graph.Model)).Faults;
        var texts = faults.Select(f => f.ToString()).ToList();
        Assert.Contains(texts, t => t.Contains("prod: namespace: 'Not A Namespace'"));
        Assert.Contains(texts, t => t.StartsWith("FaultTests.cs:") && t.Contains("a: environment: 'production' is unknown; declared are prod"));
        Assert.Contains(texts, t => t.StartsWith("FaultTests.cs:") && t.Contains("a: memory limit: 1Gi is below the request 2Gi"));
        Assert.Contains(texts, t => t.Contains("size: value: has no value in 'prod', but 'a' uses it"));
        Assert.Contains(texts, t => t.Contains("b: autoscaling: min 5, max 2"));
        Assert.Contains(texts, t => t.Contains("b: autoscaling: target CPU 200"));
        Assert.Contains(texts, t => t.Contains("b: variable '9LIVES'"));
        Assert.Contains(texts, t => t.Contains("tool: image"));
        Assert.Contains(texts, t => t.Contains("box: image"));
        Assert.Contains(texts, t => t.Contains("box: endpoint 'http': has no target port"));
        Assert.Contains(texts, t => t.Contains("box: storage size: 'lots' is no quantity"));
        Assert.Contains(texts, t => t.Contains("box: storage: has a size but nothing is kept there"));
        Assert.All(faults, f => Assert.NotEmpty(f.Fix));
    }

    [Fact]
    public void TwoResourcesThatMakeTheSameObjectAreNamed()
    {
        var graph = new TestGraph();
        graph.AddService("a");
        graph.AddService("a-headless");
        var fault = Assert.Single(Assert.Throws<PublishException>(() => Publication.Build(graph.Model)).Faults, f => f.Problem.Contains("Service"));
        Assert.Contains("'a-headless'", fault.Problem);
    }

    [Fact]
    public void WhatCannotBeMountedIsAFault()
    {
        using var folder = new TemporaryFolder();
        folder.Write("files/sub/x", "x");
        File.WriteAllBytes(Path.Combine(folder.Path, "binary"), [0xff, 0xfe, 0x00]);
        var graph = new TestGraph();
        graph.AddResource(new ContainerResource("box"))
            .WithAnnotation(new ContainerImageAnnotation { Image = "box", Tag = "1" })
            .WithAnnotation(new ContainerMountAnnotation(Path.Combine(folder.Path, "files"), "/files", ContainerMountType.BindMount, true))
            .WithAnnotation(new ContainerMountAnnotation(Path.Combine(folder.Path, "binary"), "/binary", ContainerMountType.BindMount, true))
            .WithAnnotation(new ContainerMountAnnotation(Path.Combine(folder.Path, "gone"), "/gone", ContainerMountType.BindMount, true))
            .WithAnnotation(new ContainerMountAnnotation(folder.Path, "/work", ContainerMountType.BindMount, false));
        var faults = Assert.Throws<PublishException>(() => Publication.Build(graph.Model)).Faults;
        Assert.Equal(["bind mount '/binary'", "bind mount '/files'", "bind mount '/gone'", "bind mount '/work'"], faults.Select(f => f.Field));
        Assert.DoesNotContain(faults, f => f.ToString().Contains(folder.Path));
    }

    [Fact]
    public void ASettingThatWouldLeakIntoAllEnvironmentsIsRefused()
    {
        var graph = new TestGraph();
        var service = graph.AddResource(new ContainerResource("box")).WithAnnotation(new ContainerImageAnnotation { Image = "box", Tag = "1" });
        var exception = Assert.Throws<DistributedApplicationException>(() => service.In("prod", b => b.Resource.Annotations.OfType<ContainerImageAnnotation>().Single().Tag = "2"));
        Assert.Contains("FaultTests.cs:", exception.Message);
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
}
