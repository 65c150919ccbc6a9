using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MonoRepo.Hosting;

namespace MonoRepo.Tests;

public sealed class WaitTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task WaitForWaitsForStateHealthAndReadiness()
    {
        var builder = Graph.Create();
        var db = builder.AddExecutable("db", "x", ".").WithHealthCheck("check");
        var api = builder.AddExecutable("api", "x", ".").WaitFor(db);
        await using var application = new Published(builder);
        await application.State(db, KnownResourceStates.Starting);
        var wait = application.Notifications.WaitForDependenciesAsync(api.Resource, Cancel);

        Assert.Equal(["db"], WaitingFor(application, "api")!);
        await application.State(db, KnownResourceStates.Running);
        Assert.False(wait.IsCompleted);
        await application.Notifications.PublishUpdateAsync(db.Resource, s => s.WithHealthReports([new("check", HealthStatus.Healthy, null, null)]));
        Assert.False(wait.IsCompleted);
        await application.State(db, KnownResourceStates.Running, ready: Task.CompletedTask);
        await wait;
        Assert.Null(WaitingFor(application, "api"));

        var log = await Lines(application, "api");
        Assert.Equal(
            ["Waiting for resource 'db' to enter the 'Running' state.", "Waiting for resource 'db' to become healthy.", "Finished waiting for resource 'db'."],
            log);
    }

    [Fact]
    public async Task EveryReplicaHasToBeThere()
    {
        var builder = Graph.Create();
        var db = builder.AddExecutable("db", "x", ".").WithAnnotation(new InstancesAnnotation(["db-1", "db-2"]));
        var api = builder.AddExecutable("api", "x", ".").WaitForStart(db);
        await using var application = new Published(builder);
        var wait = application.Notifications.WaitForDependenciesAsync(api.Resource, Cancel);
        Assert.Equal(["db-1", "db-2"], WaitingFor(application, "api")!);
        await application.Notifications.PublishUpdateAsync(db.Resource, "db-1", s => s with { State = KnownResourceStates.Running });
        await application.Notifications.WaitForResourceAsync("api", e => Names(e) is ["db-2"], Cancel);
        Assert.False(wait.IsCompleted);
        await application.Notifications.PublishUpdateAsync(db.Resource, "db-2", s => s with { State = KnownResourceStates.Running });
        await wait;
    }

    [Theory]
    [InlineData("FailedToStart", null, "Resource 'api' stopped waiting for dependency resource 'db' because it failed to start.")]
    [InlineData("Exited", 1, "Resource 'api' stopped waiting for dependency resource 'db' because it entered the 'Exited' state prematurely.")]
    public async Task WaitForStopsWhenTheOtherFails(string state, int? exitCode, string message)
    {
        var builder = Graph.Create();
        var db = builder.AddExecutable("db", "x", ".");
        var api = builder.AddExecutable("api", "x", ".").WaitFor(db);
        await using var application = new Published(builder);
        await application.State(db, state, exitCode);
        var fault = await Assert.ThrowsAsync<DistributedApplicationException>(() => application.Notifications.WaitForDependenciesAsync(api.Resource, Cancel));
        Assert.Equal(message, fault.Message);
    }

    [Fact]
    public async Task WaitForMayGoOnWaitingForOneThatFailed()
    {
        var builder = Graph.Create();
        var db = builder.AddExecutable("db", "x", ".");
        var api = builder.AddExecutable("api", "x", ".").WaitFor(db, WaitBehavior.WaitOnResourceUnavailable);
        await using var application = new Published(builder);
        await application.State(db, KnownResourceStates.FailedToStart);
        var wait = application.Notifications.WaitForDependenciesAsync(api.Resource, Cancel);
        Assert.False(wait.IsCompleted);
        await application.State(db, KnownResourceStates.Running, ready: Task.CompletedTask);
        await wait;
    }

    [Theory]
    [InlineData("Finished", 0, null)]
    [InlineData("Finished", 3, "Resource 'api' stopped waiting for dependency resource 'seed' because it entered the 'Finished' state with exit code '3', expected '0'.")]
    [InlineData("FailedToStart", null, "Resource 'api' stopped waiting for dependency resource 'seed' because it failed to start.")]
    public async Task WaitForCompletionChecksTheExitCode(string state, int? exitCode, string? message)
    {
        var builder = Graph.Create();
        var seed = builder.AddExecutable("seed", "x", ".");
        var api = builder.AddExecutable("api", "x", ".").WaitForCompletion(seed);
        await using var application = new Published(builder);
        var wait = application.Notifications.WaitForDependenciesAsync(api.Resource, Cancel);
        await application.State(seed, KnownResourceStates.Running);
        Assert.False(wait.IsCompleted);
        await application.State(seed, state, exitCode);
        Assert.Equal(message, (await Record.ExceptionAsync(() => wait))?.Message);
    }

    [Fact]
    public void WaitingForAChildWaitsForItsParentToo()
    {
        var builder = Graph.Create();
        var parent = builder.AddExecutable("parent", "x", ".");
        var child = builder.AddResource(new Child("child", parent.Resource));
        var api = builder.AddExecutable("api", "x", ".").WaitFor(child);
        Assert.Equal([parent.Resource, child.Resource], api.Resource.Annotations.OfType<WaitAnnotation>().Select(w => w.Resource));
        Assert.Equal([child.Resource], api.Resource.Annotations.OfType<ResourceRelationshipAnnotation>().Select(r => r.Resource));
    }

    [Fact]
    public void NobodyWaitsForItselfOrItsParent()
    {
        var builder = Graph.Create();
        var parent = builder.AddExecutable("parent", "x", ".");
        var child = builder.AddResource(new Child("child", parent.Resource));
        Assert.Equal("The 'parent' resource cannot wait for itself.", Assert.Throws<DistributedApplicationException>(() => parent.WaitFor(parent)).Message);
        Assert.Equal("The 'child' resource cannot wait for its parent 'parent'.", Assert.Throws<DistributedApplicationException>(() => child.WaitFor(parent)).Message);
    }

    private static string[]? WaitingFor(Published application, string name) =>
        application.Notifications.TryGetCurrentState(name, out var state) ? Names(state) : null;

    private static string[]? Names(ResourceEvent state) =>
        (string[]?)state.Snapshot.Properties.FirstOrDefault(p => p.Name == KnownProperties.WaitingFor)?.Value;

    private static async Task<string[]> Lines(Published application, string name)
    {
        var lines = new List<string>();
        await foreach (var batch in application.Logs.GetAllAsync(name))
        {
            lines.AddRange(batch.Select(l => l.Content[(l.Content.IndexOf(' ') + 1)..]));
        }

        return [.. lines];
    }

    private sealed class Child(string name, IResource parent) : Resource(name), IResourceWithParent, IResourceWithWaitSupport
    {
        public IResource Parent => parent;
    }
}
