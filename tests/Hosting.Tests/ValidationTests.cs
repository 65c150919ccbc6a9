using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Tests;

public sealed class ValidationTests
{
    [Fact]
    public void AllFaultsAreReportedAtOnce()
    {
        var builder = Graph.Create();
        var stranger = Graph.Create().AddExecutable("stranger", "x", ".");
        var a = builder.AddExecutable("a", "x", ".").WithHttpEndpoint(port: 5000).WithReference("s", new Uri("http://s")).WaitFor(stranger);
        var b = builder.AddExecutable("b", "x", ".").WithHttpEndpoint(port: 5000).WaitFor(a);
        a.WaitFor(b);
        builder.AddProject("p", "P.csproj").WithHttpEndpoint(targetPort: 80).WithReplicas(2);
        builder.Resources.Add(new ExecutableResource("A", "x", "."));
        builder.Resources.Add(new ExecutableResource("x--y", "x", "."));

        var fault = Assert.Throws<DistributedApplicationException>(builder.Build);
        Assert.Equal(
            [
                "The graph has 6 faults:",
                "- Resource name 'x--y' is invalid. Name cannot contain consecutive hyphens.",
                "- Multiple resources with the name 'a'. Resource names are case-insensitive. Rename all but one.",
                "- Resource 'a' waits for 'stranger', which is not part of the application. Add 'stranger' by the builder (AddResource), or take the wait away.",
                "- Resources wait for each other and none of them can start: 'a' -> 'b' -> 'a'. Take one of these waits away.",
                "- Endpoints 'http' of 'a' and 'http' of 'b' use the same port 5000. Give each a port of its own, or leave the port out to get a free one.",
                "- Resource 'p' has 2 replicas whose endpoint 'http' is fixed to the target port 80: only one process can listen on it. Leave the target port out.",
            ],
            fault.Message.Split(Environment.NewLine));
    }

    [Fact]
    public void ASingleFaultIsASingleLine()
    {
        var builder = Graph.Create();
        builder.AddExecutable("a", "x", ".").WithHttpEndpoint(targetPort: 80);
        builder.AddExecutable("b", "x", ".").WithHttpEndpoint(targetPort: 80);
        Assert.Equal(
            "Endpoints 'http' of 'a' and 'http' of 'b' listen on the same target port 80. Give each a target port of its own, or leave it out to get a free one.",
            Assert.Throws<DistributedApplicationException>(builder.Build).Message);
    }

    [Fact]
    public void ContainersMayListenOnTheSameTargetPort()
    {
        var builder = Graph.Create();
        builder.AddContainer("a", "x").WithHttpEndpoint(targetPort: 80);
        builder.AddContainer("b", "x").WithHttpEndpoint(targetPort: 80);
        using var application = builder.Build();
    }

    [Fact]
    public void AReferenceAndAParentOutsideOfTheGraphAreFound()
    {
        var builder = Graph.Create();
        var other = Graph.Create();
        builder.AddExecutable("a", "x", ".").WithEnvironment("P", other.AddExecutable("p", "x", ".").WithHttpEndpoint().GetEndpoint("http"));
        builder.AddResource(new Child("child", other.AddExecutable("parent", "x", ".").Resource));
        var fault = Assert.Throws<DistributedApplicationException>(builder.Build);
        Assert.Contains("Resource 'a' refers to 'p', which is not part of the application.", fault.Message);
        Assert.Contains("Resource 'child' has the parent 'parent', which is not part of the application.", fault.Message);
    }

    [Fact]
    public async Task ResourcesCannotBeAddedOnceTheApplicationHasStarted()
    {
        var builder = Graph.Create();
        var seen = 0;
        builder.OnBeforeStart((e, _) =>
        {
            e.Model.Resources.Add(new ExecutableResource("late", "x", "."));
            seen = e.Model.Resources.Count;
            throw new DistributedApplicationException("far enough");
        });
        await using var application = builder.Build();
        await Assert.ThrowsAsync<DistributedApplicationException>(() => application.StartAsync(TestContext.Current.CancellationToken));
        Assert.Equal(1, seen);
        var collection = new MonoRepo.Hosting.ResourceCollection(builder.Resources);
        collection.Freeze();
        Assert.Throws<InvalidOperationException>(() => collection.Add(new ExecutableResource("later", "x", ".")));
    }

    [Fact]
    public void APasswordThatAnIntegrationMadeNeedNotBeAdded()
    {
        var builder = Graph.Create();
        var password = ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, "password");
        builder.AddExecutable("a", "x", ".").WithArgs("--password", password).WithEnvironment("P", $"{password}");
        using var application = builder.Build();
    }

    private sealed class Child(string name, IResource parent) : Resource(name), IResourceWithParent
    {
        public IResource Parent => parent;
    }
}
