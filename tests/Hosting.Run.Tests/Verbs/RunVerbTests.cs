using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using MonoRepo.Hosting.App;
using MonoRepo.Hosting.App.Verbs;
using MonoRepo.Hosting.Run.Readiness;
using MonoRepo.Tests.Engine;

namespace MonoRepo.Tests.Verbs;

public sealed class RunVerbTests
{
    private const string Forever = "exec sleep 3600";

    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Fact]
    public async Task WaitAndExitPrintsTheTableAndEndsWithZero()
    {
        var builder = new TestBuilder();
        var store = builder.AddExecutable("store", "/bin/sh", "/tmp", "-c", Forever).WithEndpoint(scheme: "tcp", name: "tcp", env: "PORT");
        var migration = builder.AddExecutable("migration", "/bin/sh", "/tmp", "-c", "exit 0").WaitFor(store);
        builder.AddExecutable("web", "/bin/sh", "/tmp", "-c", Forever).WaitForCompletion(migration);
        builder.AddExecutable("tool", "/bin/sh", "/tmp", "-c", Forever).WithExplicitStart();

        var code = await RunAsync(builder, "--wait", "--exit");

        Assert.True(code == ExitCodes.Done, $"{_error}\n{builder.Log.Text}");
        var lines = _output.ToString().Split('\n');
        Assert.Matches(@"^RESOURCE\s+STATE\s+HEALTH\s+HEALTHY AFTER\s+URLS", lines[0]);
        Assert.Matches(@"^store-[a-z]{8}\s+Running\s+Healthy\s+\d+\.\d s\s+tcp://localhost:\d+$", lines[1]);
        Assert.Matches(@"^migration-[a-z]{8}\s+Finished\s+-\s+\d+\.\d s$", lines[2]);
        Assert.Matches(@"^web-[a-z]{8}\s+Running", lines[3]);
        Assert.Matches(@"^tool-[a-z]{8}\s+NotStarted", lines[4]);
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public async Task AFailureEndsWithOneAndTheLastLines()
    {
        var builder = new TestBuilder();
        var broken = builder.AddExecutable("broken", "/bin/sh", "/tmp", "-c", "echo the database is on holiday; exit 3");
        builder.AddExecutable("after", "/bin/true", "/tmp").WaitForCompletion(broken);

        var code = await RunAsync(builder, "--exit");

        Assert.Equal(ExitCodes.Failed, code);
        Assert.Matches(@"broken-[a-z]{8} is Finished with exit code 3\. Its last lines:\n  the database is on holiday", _error.ToString());
    }

    [Fact]
    public async Task WhatIsNotHealthyIsNamedAndWhoWaitsForIt()
    {
        var builder = new TestBuilder();
        builder.Services.AddHealthChecks().AddCheck("disk", () => HealthCheckResult.Unhealthy("the disk is slow"));
        var store = builder.AddExecutable("store", "/bin/sh", "/tmp", "-c", Forever).WithHealthCheck("disk");
        builder.AddExecutable("web", "/bin/sh", "/tmp", "-c", Forever).WaitFor(store);
        await using var app = await RunningApp.StartAsync(builder);
        await app.UntilAsync("store", change => change.Snapshot.HealthReports.Any(report => report.Description == "the disk is slow"));
        await app.UntilAsync("web", KnownResourceStates.Waiting);

        var instances = await new ReadinessWait(new DistributedApplicationModel(builder.Resources), app.Notifications, TimeProvider.System)
            .WaitAsync(new CancellationToken(canceled: true));
        await ReadinessFaults.WriteAsync(
            _error, instances!, app.Notifications, app.Services.GetRequiredService<ResourceLoggerService>(), TimeSpan.FromSeconds(6));

        Assert.Matches(@"store-[a-z]{8} is not healthy after 6 s: Running\. disk is Unhealthy: the disk is slow\.", _error.ToString());
        Assert.Matches(@"web-[a-z]{8} is not healthy after 6 s: Waiting\. It waits for store-[a-z]{8} \(disk is Unhealthy", _error.ToString());
    }

    [Theory]
    [InlineData]
    [InlineData("--wait")]
    [InlineData("--exit")]
    public async Task AFaultOfTheStartIsTheOnlyOutcome(params string[] arguments)
    {
        var builder = new TestBuilder();
        builder.AddExecutable("worker", "/bin/sh", "/tmp", "-c", Forever);
        builder.Services.AddHostedService<FullDisk>();

        var fault = await Assert.ThrowsAsync<DistributedApplicationException>(() => RunAsync(builder, arguments));

        Assert.Equal("The disk is full.", fault.Message);
        Assert.Equal("", _output.ToString());
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public async Task ABackgroundServiceThatThrowsIsNamedAndTheRunFails()
    {
        var builder = new TestBuilder();
        builder.Services.AddHostedService<BackgroundFaults>().AddHostedService<Clumsy>();

        var code = await RunAsync(builder);

        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("Clumsy failed, which stops the application.", builder.Log.Text);
    }

    [Fact]
    public void ATimeoutOfNothingIsRefused() => Assert.NotEmpty(new RunVerb().Command.Parse(["--timeout", "0"]).Errors);

    private async Task<int> RunAsync(TestBuilder builder, params string[] arguments)
    {
        var verb = new RunVerb();
        await using var app = builder.Build();
        return await verb.ExecuteAsync(
            new VerbContext(app, verb.Command.Parse(arguments), RunHostAsync) { Output = _output, Error = _error },
            TestContext.Current.CancellationToken);

        async Task RunHostAsync(CancellationToken cancellationToken)
        {
            await app.StartAsync(cancellationToken);
            await app.WaitForShutdownAsync(cancellationToken);
        }
    }

    private sealed class FullDisk : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => throw new DistributedApplicationException("The disk is full.");

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class Clumsy : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Yield();
            throw new InvalidOperationException("I dropped it.");
        }
    }
}
