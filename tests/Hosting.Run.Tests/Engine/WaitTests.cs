using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MonoRepo.Hosting;

namespace MonoRepo.Tests.Engine;

public sealed class WaitTests
{
    private const string Forever = "exec sleep 3600";

    [Fact]
    public async Task AResourceStartsWhenWhatItWaitsForIsHealthy()
    {
        var health = HealthCheckResult.Unhealthy("still loading");
        var builder = new TestBuilder();
        builder.Services.AddHealthChecks().AddCheck("store_check", () => health);
        var store = builder.AddExecutable("store", "/bin/sh", "/tmp", "-c", Forever).WithHealthCheck("store_check");
        builder.AddExecutable("web", "/bin/sh", "/tmp", "-c", Forever).WaitFor(store);
        await using var app = await RunningApp.StartAsync(builder);

        var waiting = await app.UntilAsync("web", KnownResourceStates.Waiting);
        var unhealthy = await app.UntilAsync("store", change => change.Snapshot.HealthReports.Any(report => report.Description == "still loading"));
        Assert.Equal([unhealthy.ResourceId], Assert.IsAssignableFrom<IEnumerable<string>>(
            waiting.Snapshot.Properties.Single(property => property.Name == KnownProperties.WaitingFor).Value));
        health = HealthCheckResult.Healthy();
        await app.UntilAsync("web", KnownResourceStates.Running);

        await app.UntilAsync("store", change => change.Snapshot.HealthStatus == HealthStatus.Healthy);
    }

    [Fact]
    public async Task AStartCommandEndsTheWait()
    {
        var builder = new TestBuilder();
        builder.Services.AddHealthChecks().AddCheck("never", () => HealthCheckResult.Unhealthy("never"));
        var store = builder.AddExecutable("store", "/bin/sh", "/tmp", "-c", Forever).WithHealthCheck("never");
        var web = builder.AddExecutable("web", "/bin/sh", "/tmp", "-c", Forever).WaitFor(store);
        await using var app = await RunningApp.StartAsync(builder);
        var waiting = await app.UntilAsync("web", KnownResourceStates.Waiting);

        await app.CommandAsync(web.Resource, waiting.ResourceId, "start");

        await app.UntilAsync("web", KnownResourceStates.Running);
    }

    [Fact]
    public async Task ACompletionWithTheWrongExitCodeStopsTheWait()
    {
        var builder = new TestBuilder();
        var migration = builder.AddExecutable("migration", "/bin/sh", "/tmp", "-c", "exit 4");
        builder.AddExecutable("web", "/bin/sh", "/tmp", "-c", Forever).WaitForCompletion(migration);
        await using var app = await RunningApp.StartAsync(builder);

        await app.UntilAsync("web", KnownResourceStates.FailedToStart);

        Assert.Contains("exit code '4', expected '0'", app.Log);
    }
}
