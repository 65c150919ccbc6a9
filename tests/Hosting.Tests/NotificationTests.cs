using System.Collections.Immutable;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MonoRepo.Hosting;

namespace MonoRepo.Tests;

public sealed class NotificationTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheFirstSnapshotHasTypeAndRelationshipsOfTheResource()
    {
        var builder = Graph.Create();
        var parent = builder.AddExecutable("parent", "x", ".");
        var a = builder.AddExecutable("a", "x", ".").WaitFor(parent).WithParentRelationship(parent).WithIconName("Box");
        await using var application = new Published(builder);
        await application.State(a, "Odd");
        Assert.True(application.Notifications.TryGetCurrentState("A", out var state));
        Assert.Equal("Executable", state.Snapshot.ResourceType);
        Assert.Equal([new("parent", "WaitFor"), new("parent", "Parent")], state.Snapshot.Relationships);
        Assert.Equal("Box", state.Snapshot.IconName);
        Assert.Equal(1, state.Snapshot.GetVersion());
    }

    [Fact]
    public async Task WatchersSeeThePresentAndEveryChangeOnceInOrder()
    {
        var builder = Graph.Create();
        var a = builder.AddExecutable("a", "x", ".");
        await using var application = new Published(builder);
        await application.State(a, "1");
        var seen = new List<string>();
        await foreach (var change in application.Notifications.WatchAsync(Cancel))
        {
            seen.Add(change.Snapshot.State!.Text);
            if (seen.Count == 100)
            {
                break;
            }

            await application.State(a, change.Snapshot.State.Text); // nothing changes, nobody hears of it
            await application.State(a, $"{seen.Count + 1}");
        }

        Assert.Equal(Enumerable.Range(1, 100).Select(i => $"{i}"), seen);
    }

    [Fact]
    public async Task NoChangeIsLostWhenManyPublish()
    {
        var builder = Graph.Create();
        var a = builder.AddExecutable("a", "x", ".");
        await using var application = new Published(builder);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 500; i++)
            {
                application.Notifications.PublishUpdateAsync(a.Resource, s => s with { ExitCode = (s.ExitCode ?? 0) + 1 });
            }
        }, Cancel)));
        Assert.True(application.Notifications.TryGetCurrentState("a", out var state));
        Assert.Equal((4000, 4000L), (state.Snapshot.ExitCode, state.Snapshot.GetVersion()));
    }

    [Fact]
    public async Task EveryInstanceHasItsOwnState()
    {
        var builder = Graph.Create();
        var a = builder.AddExecutable("a", "x", ".").WithAnnotation(new InstancesAnnotation(["a-1", "a-2"]));
        await using var application = new Published(builder);
        await application.State(a, "Running");
        await application.Notifications.PublishUpdateAsync(a.Resource, "a-2", s => s with { State = "Exited" });
        Assert.True(application.Notifications.TryGetCurrentState("a-1", out var one) && one.Snapshot.State!.Text == "Running");
        Assert.True(application.Notifications.TryGetCurrentState("a-2", out var two) && two.Snapshot.State!.Text == "Exited");
        Assert.False(application.Notifications.TryGetCurrentState("a", out _));
        Assert.Equal("a-2", (await application.Notifications.WaitForResourceAsync("a", e => e.Snapshot.State?.Text == "Exited", Cancel)).ResourceId);
    }

    [Fact]
    public void HealthFollowsFromStateAndReports()
    {
        var snapshot = new CustomResourceSnapshot { ResourceType = "T", Properties = [] };
        Assert.Null(snapshot.HealthStatus);
        Assert.Equal(HealthStatus.Healthy, (snapshot with { State = "Running" }).HealthStatus);
        Assert.Equal(HealthStatus.Unhealthy, With(HealthStatus.Healthy, null));
        Assert.Equal(HealthStatus.Degraded, With(HealthStatus.Healthy, HealthStatus.Degraded));
        Assert.Equal(HealthStatus.Healthy, With(HealthStatus.Healthy, HealthStatus.Healthy));

        HealthStatus? With(params HealthStatus?[] reports) => (snapshot.WithHealthReports(
            [.. reports.Select(r => new HealthReportSnapshot("check", r, null, null))]) with
        { State = "Running" }).HealthStatus;
    }

    [Fact]
    public async Task AResourceWithAHealthCheckIsNotHealthyBeforeItsFirstReport()
    {
        var builder = Graph.Create();
        var a = builder.AddExecutable("a", "x", ".").WithHealthCheck("check");
        await using var application = new Published(builder);
        await application.State(a, KnownResourceStates.Running);
        Assert.True(application.Notifications.TryGetCurrentState("a", out var state));
        Assert.Equal(new HealthReportSnapshot("check", null, null, null), Assert.Single(state.Snapshot.HealthReports));
        Assert.Equal(HealthStatus.Unhealthy, state.Snapshot.HealthStatus);
    }

    [Fact]
    public async Task CommandsFollowTheState()
    {
        var builder = Graph.Create();
        var a = builder.AddExecutable("a", "x", ".").WithCommand("go", "Go", _ => Task.FromResult(CommandResults.Success()), new CommandOptions
        {
            UpdateState = c => c.ResourceSnapshot.State?.Text == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled,
        });
        await using var application = new Published(builder);
        Assert.Equal([ResourceCommandState.Disabled, ResourceCommandState.Enabled], [await StateIn("Starting"), await StateIn("Running")]);

        async Task<ResourceCommandState> StateIn(string state)
        {
            await application.State(a, state);
            Assert.True(application.Notifications.TryGetCurrentState("a", out var now));
            return Assert.Single(now.Snapshot.Commands).State;
        }
    }

    [Fact]
    public async Task AWaitThatIsCancelledSaysInWhichStateTheResourceIs()
    {
        var builder = Graph.Create();
        var a = builder.AddExecutable("a", "x", ".").WithHealthCheck("check");
        await using var application = new Published(builder);
        await application.State(a, KnownResourceStates.Running);
        using var stop = new CancellationTokenSource();
        var wait = application.Notifications.WaitForResourceHealthyAsync("a", stop.Token);
        await stop.CancelAsync();
        var fault = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        Assert.Equal(
            string.Join(Environment.NewLine, "Resource 'a' failed to become healthy before the operation was cancelled.", "- Current State: Running", "- check: no answer yet"),
            fault.Message);
    }

    [Fact]
    public async Task WaitingForHealthEndsWhenItCannotComeAnymore()
    {
        var builder = Graph.Create();
        var a = builder.AddExecutable("a", "x", ".");
        await using var application = new Published(builder);
        await application.State(a, KnownResourceStates.FailedToStart);
        var failed = await Assert.ThrowsAsync<DistributedApplicationException>(() => application.Notifications.WaitForResourceHealthyAsync("a", Cancel));
        Assert.Equal("Stopped waiting for resource 'a' to become healthy because it failed to start.", failed.Message);
        var unknown = await Assert.ThrowsAsync<DistributedApplicationException>(() => application.Notifications.WaitForResourceHealthyAsync("b", Cancel));
        Assert.Equal("Stopped waiting for resource 'b' to become healthy because it does not exist in the application model.", unknown.Message);
    }

    [Fact]
    public async Task HealthyIncludesTheHandlersOfResourceReady()
    {
        var builder = Graph.Create();
        var a = builder.AddExecutable("a", "x", ".");
        await using var application = new Published(builder);
        var handlers = new TaskCompletionSource();
        await application.State(a, KnownResourceStates.Running);
        var wait = application.Notifications.WaitForResourceHealthyAsync("a", Cancel);
        await application.State(a, KnownResourceStates.Running, ready: handlers.Task);
        Assert.False(wait.IsCompleted);
        handlers.SetResult();
        Assert.Equal("a", (await wait).ResourceId);
    }

    [Fact]
    public void PropertiesKeepTheirPlaces()
    {
        var snapshot = new CustomResourceSnapshot { ResourceType = "T", Properties = ImmutableArray.Create<ResourcePropertySnapshot>(new("a", 1), new("b", 2)) };
        snapshot = snapshot.WithProperty("A", 3, isSensitive: true).WithProperty("c", 4).WithoutProperty("b");
        Assert.Equal([new("A", 3) { IsSensitive = true }, new("c", 4)], snapshot.Properties);
    }
}
