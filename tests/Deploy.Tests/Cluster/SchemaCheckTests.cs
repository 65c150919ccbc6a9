using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Model;
using static MonoRepo.Tests.Deploy.DeployObjects;

namespace MonoRepo.Tests.Deploy;

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
}
