using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;

namespace MonoRepo.Tests.Engine;

public sealed class RunEngineTests
{
    private const string Forever = "exec sleep 3600";

    [Fact]
    public async Task AProcessRunsAndItsEndShowsExitCodeAndLastLines()
    {
        var builder = new TestBuilder();
        builder.AddExecutable("job", "/bin/sh", "/tmp", "-c", "echo first; echo second >&2; exit 3");
        await using var app = await RunningApp.StartAsync(builder);

        var ended = await app.UntilAsync("job", KnownResourceStates.Finished);

        Assert.Equal(3, ended.Snapshot.ExitCode);
        Assert.Equal(["first", "second"], (await app.LinesAsync(ended.ResourceId)).Order());
        await app.UntilLoggedAsync($"{ended.ResourceId} ended with exit code 3");
        Assert.Contains("  second", app.Log);
    }

    [Fact]
    public async Task BracesOfTheUserArriveAsTheyAre()
    {
        var builder = new TestBuilder();
        builder.AddExecutable("echo", "/bin/sh", "/tmp", "-c", "echo \"$GREETING\"; echo \"$0\"", "arg {{ .Name }}")
            .WithEnvironment("GREETING", "{{ hello }} {{");
        await using var app = await RunningApp.StartAsync(builder);

        var ended = await app.UntilAsync("echo", KnownResourceStates.Finished);

        Assert.Equal(["{{ hello }} {{", "arg {{ .Name }}"], await app.LinesAsync(ended.ResourceId));
    }

    [Fact]
    public async Task AnExplicitStartWaitsForTheCommand()
    {
        var builder = new TestBuilder();
        var tool = builder.AddExecutable("tool", "/bin/sh", "/tmp", "-c", Forever).WithExplicitStart();
        await using var app = await RunningApp.StartAsync(builder);
        var idle = await app.UntilAsync("tool", KnownResourceStates.NotStarted);

        var result = await app.CommandAsync(tool.Resource, idle.ResourceId, "start");

        Assert.True(result.Success);
        await app.UntilAsync("tool", KnownResourceStates.Running);
    }

    [Fact]
    public async Task StopRestartAndStartChangeTheProcess()
    {
        var builder = new TestBuilder();
        var worker = builder.AddExecutable("worker", "/bin/sh", "/tmp", "-c", $"echo up; {Forever}");
        await using var app = await RunningApp.StartAsync(builder);
        var first = await app.UntilAsync("worker", change => PidOf(change) is not null);

        await app.CommandAsync(worker.Resource, first.ResourceId, "restart");
        var second = await app.UntilAsync("worker", change => change.Snapshot.State?.Text == KnownResourceStates.Running && PidOf(change) is { } pid && pid != PidOf(first));
        await app.CommandAsync(worker.Resource, first.ResourceId, "stop");
        await app.UntilAsync("worker", KnownResourceStates.Finished);
        await app.CommandAsync(worker.Resource, first.ResourceId, "start");
        await app.UntilAsync("worker", change => change.Snapshot.State?.Text == KnownResourceStates.Running && PidOf(change) != PidOf(second));

        Assert.DoesNotContain("ended with exit code", app.Log);
    }

    [Fact]
    public async Task AProgramThatIsNotThereSaysSo()
    {
        var builder = new TestBuilder();
        builder.AddExecutable("nothing", "/nowhere/program", "/tmp");
        await using var app = await RunningApp.StartAsync(builder);

        await app.UntilAsync("nothing", KnownResourceStates.FailedToStart);

        await app.UntilLoggedAsync("/nowhere/program");
    }

    private static object? PidOf(ResourceEvent change) =>
        change.Snapshot.Properties.FirstOrDefault(property => property.Name == KnownProperties.ExecutablePid)?.Value;
}
