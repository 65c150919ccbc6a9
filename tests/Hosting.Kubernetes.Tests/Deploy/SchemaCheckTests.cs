using MonoRepo.Hosting.Kubernetes.Deploy.Applying;
using MonoRepo.Hosting.Kubernetes.Render;
using static MonoRepo.Tests.DeployObjects;

namespace MonoRepo.Tests;

public sealed class SchemaCheckTests
{
    [Theory]
    [InlineData("apps/v1", "Deployment", "spec: {replicas: \"3\"}", ".spec.replicas is '3' where a number belongs.")]
    [InlineData("apps/v1", "Deployment", "spec: {template: {spec: {containers: {name: a}}}}", ".spec.template.spec.containers is no list.")]
    [InlineData("v1", "ConfigMap", "data: {PORT: 80}", ".data.PORT is '80' where text belongs: quote it.")]
    [InlineData("v1", "Namespace", "spec: {}", "is outside of any namespace; an environment has only what is in its own. An administrator makes it with `setup` or by hand.")]
    public void AWrongTypeIsAFault(string version, string kind, string rest, string fault)
    {
        var report = SchemaCheck.Check([Read($"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: web, namespace: jane}}\n{rest}\n")]);

        Assert.EndsWith(fault, Assert.Single(report.Faults));
    }

    [Fact]
    public void WhatPublishWritesIsKnown()
    {
        using var folder = new TemporaryFolder();
        var objects = new Renderer(Shop.Create().Model, folder.Path).Render("dev").Objects;

        var report = SchemaCheck.Check(objects);

        Assert.Empty(report.Faults);
        Assert.Empty(report.Unknown.Select(o => $"{o.Text("kind")}/{o.Map("metadata")!.Text("name")}"));
    }
}
