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
    public async Task Verbs_OnRunningAppHosts_Work()
    {
        Assert.Matches("^http://localhost:[0-9]+/login[?]t=[0-9a-f]+$", Text(hosts.Started["dashboardUrl"]));

        var running = (await Aspire.GetJsonAsync("ps")).AsArray().Where(host => Text(host!["status"]) == "running")
            .Select(host => Text(host!["appHostPath"])).ToList();
        Assert.Contains(Repository.PathOf(Main), running);
        Assert.Contains(Repository.PathOf(Small), running);

        (await Aspire.RunAsync("wait", "server", "--apphost", Small, "--timeout", "180")).Succeeded();
        (await Aspire.RunAsync("wait", "routeguide-client", "--apphost", Main, "--timeout", "180")).Succeeded();
        (await Aspire.RunAsync("wait", "todo-server", "--apphost", Main, "--timeout", "180")).Succeeded();

        var resources = await Aspire.GetJsonAsync("describe", "--apphost", Main);
        var names = resources["resources"]!.AsArray().Select(resource => Text(resource!["name"])).ToList();
        Assert.Equal(2, names.Count(name => name.StartsWith("routeguide-server-", StringComparison.Ordinal)));
        Assert.Contains("redis", names);

        var logs = (await Aspire.RunAsync("logs", "server", "--apphost", Small)).Succeeded();
        Assert.Contains("Now listening on", logs, StringComparison.Ordinal);
        var followed = await Aspire.RunUntilAsync("Now listening on", "logs", "server", "--follow", "--apphost", Small);
        Assert.Contains("Now listening on", followed, StringComparison.Ordinal);

        var spans = await Aspire.GetJsonAsync("otel", "spans", "--apphost", Main);
        Assert.Contains("routeguide", spans.ToJsonString(), StringComparison.Ordinal);

        (await Aspire.RunAsync("resource", "todo-server", "stop", "--apphost", Main)).Succeeded();
        (await Aspire.RunAsync("wait", "todo-server", "--status", "down", "--apphost", Main)).Succeeded();
        (await Aspire.RunAsync("resource", "todo-server", "start", "--apphost", Main)).Succeeded();
        (await Aspire.RunAsync("wait", "todo-server", "--apphost", Main)).Succeeded();
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
    public async Task Publish_ListedAsStep_WritesTheManifests()
    {
        var steps = await Aspire.GetJsonAsync("do", "--list-steps", "--apphost", Main, "--no-build");
        Assert.Contains(steps.AsArray(), step => Text(step!["name"]) == "publish");
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
