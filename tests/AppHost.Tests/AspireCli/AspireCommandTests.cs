using System.Text.Json.Nodes;
using static MonoRepo.Tests.StartedAppHosts;

namespace MonoRepo.Tests;

/// <summary>The stock aspire command on this AppHost, and on a second one beside it.</summary>
public sealed class AspireCommandTests(StartedAppHosts hosts) : IClassFixture<StartedAppHosts>, IAsyncLifetime
{
    private AspireCommand Aspire => hosts.Aspire;

    public ValueTask InitializeAsync()
    {
        hosts.SkipUnlessRestored();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void Start_PrintsDashboardLink() =>
        Assert.Matches("^http://localhost:[0-9]+/login[?]t=[0-9a-f]+$", Text(hosts.Started["dashboardUrl"]));

    [Fact]
    public async Task Ps_ListsBoth()
    {
        var table = (await Aspire.RunAsync("ps")).Succeeded();
        var list = await Aspire.GetJsonAsync("ps");

        Assert.Contains("SmallAppHost.csproj", table, StringComparison.Ordinal);
        var running = list.AsArray().Where(host => Text(host!["status"]) == "running").Select(host => Text(host!["appHostPath"]))
            .ToList();
        Assert.Contains(Repository.PathOf(Main), running);
        Assert.Contains(Repository.PathOf(Small), running);
    }

    [Fact]
    public async Task Wait_EndsWhenResourceIsHealthy()
    {
        (await Aspire.RunAsync("wait", "routeguide-client", "--apphost", Main, "--timeout", "180")).Succeeded();
        (await Aspire.RunAsync("wait", "server", "--apphost", Small, "--timeout", "180")).Succeeded();
    }

    [Fact]
    public async Task Wait_UnknownResource_Fails()
    {
        var run = await Aspire.RunAsync("wait", "nobody", "--apphost", Main);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("'nobody' was not found", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Describe_ShowsEveryReplica()
    {
        var table = (await Aspire.RunAsync("describe", "--apphost", Main)).Succeeded();
        var list = await Aspire.GetJsonAsync("describe", "--apphost", Main);

        Assert.Contains("todo-server", table, StringComparison.Ordinal);
        var names = list["resources"]!.AsArray().Select(resource => Text(resource!["name"])).ToList();
        Assert.Equal(2, names.Count(name => name.StartsWith("routeguide-server-", StringComparison.Ordinal)));
        Assert.Contains("redis", names);
    }

    [Fact]
    public async Task Logs_InTextAndJson_AndFollowed()
    {
        await Aspire.RunAsync("wait", "server", "--apphost", Small, "--timeout", "180");

        var text = (await Aspire.RunAsync("logs", "server", "--apphost", Small)).Succeeded();
        var list = await Aspire.GetJsonAsync("logs", "server", "--apphost", Small);
        var followed = await Aspire.RunUntilAsync("Now listening on", "logs", "server", "--follow", "--apphost", Small);

        Assert.Contains("Now listening on", text, StringComparison.Ordinal);
        Assert.Contains(
            list["logs"]!.AsArray(), line => Text(line!["content"]).Contains("Now listening on", StringComparison.Ordinal));
        Assert.Contains("Now listening on", followed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resource_StopAndStart_ChangeItsState()
    {
        await Aspire.RunAsync("wait", "todo-server", "--apphost", Main, "--timeout", "180");

        (await Aspire.RunAsync("resource", "todo-server", "stop", "--apphost", Main)).Succeeded();
        (await Aspire.RunAsync("wait", "todo-server", "--status", "down", "--apphost", Main)).Succeeded();
        (await Aspire.RunAsync("resource", "todo-server", "start", "--apphost", Main)).Succeeded();
        (await Aspire.RunAsync("wait", "todo-server", "--apphost", Main)).Succeeded();
    }

    [Fact]
    public async Task Otel_HasTracesOfTheServices()
    {
        await Aspire.RunAsync("wait", "routeguide-client", "--apphost", Main, "--timeout", "180");

        var spans = await Aspire.GetJsonAsync("otel", "spans", "--apphost", Main);

        Assert.Contains("routeguide", spans.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_InForeground_EndsWithStop()
    {
        const string AppHost = "tests/DeployedAppHost/DeployedAppHost.csproj";
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);

        var run = Aspire.RunAsync(
            line => _ = line.Contains("Dashboard:", StringComparison.Ordinal) && started.TrySetResult(),
            "run", "--apphost", AppHost, "--no-build", "--isolated");
        await Task.WhenAny(started.Task, run);
        var stop = await Aspire.RunAsync("stop", "--apphost", AppHost);

        stop.Succeeded();

        // Its exit code depends on which of the two commands sees first that the AppHost ends.
        await run;
    }

    [Fact]
    public async Task ListSteps_InTextAndJson_HasPublish()
    {
        var text = (await Aspire.RunAsync("do", "--list-steps", "--apphost", Main, "--no-build")).Succeeded();
        var list = await Aspire.GetJsonAsync("do", "--list-steps", "--apphost", Main, "--no-build");

        Assert.Contains("publish", text, StringComparison.Ordinal);
        Assert.Contains(list.AsArray(), step => Text(step!["name"]) == "publish");
    }

    [Fact]
    public async Task Do_UnknownStep_Fails()
    {
        var run = await Aspire.RunAsync("do", "nonsense", "--apphost", Main, "--no-build");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("'nonsense' not found", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_WritesTheManifests()
    {
        var output = Directory.CreateTempSubdirectory("monorepo-publish-");
        try
        {
            (await Aspire.RunAsync("publish", "--apphost", Main, "--no-build", "--output-path", output.FullName)).Succeeded();

            Assert.NotEmpty(output.EnumerateFiles("kustomization.yaml", SearchOption.AllDirectories));
        }
        finally
        {
            output.Delete(recursive: true);
        }
    }

    private static string Text(JsonNode? node) => node?.GetValue<string>() ?? "";
}
