namespace MonoRepo.Tests;

/// <summary>The stock aspire command starts and publishes.</summary>
public sealed class AspireCommandTests : IAsyncLifetime
{
    private readonly AspireCommand _aspire = new();

    public async ValueTask InitializeAsync()
    {
        var missing = await AspireCommand.RestoreAsync();
        Assert.SkipWhen(missing is not null, missing ?? "");
    }

    public ValueTask DisposeAsync() => _aspire.DisposeAsync();

    [SlowFact]
    public async Task Run_InForeground_EndsWithStop()
    {
        const string AppHost = "tests/DeployedAppHost/DeployedAppHost.csproj";
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);

        var run = _aspire.RunAsync(
            line => _ = line.Contains("Dashboard:", StringComparison.Ordinal) && started.TrySetResult(),
            "run", "--apphost", AppHost, "--no-build", "--isolated");
        await Task.WhenAny(started.Task, run);
        var stop = await _aspire.RunAsync("stop", "--apphost", AppHost);

        stop.Succeeded();

        // Its exit code depends on which of the two commands sees first that the AppHost ends.
        await run;
    }

    [SlowFact]
    public async Task Publish_ListedAsStep_WritesTheManifests()
    {
        const string Main = "AppHost/AppHost.csproj";
        var steps = await _aspire.GetJsonAsync("do", "--list-steps", "--apphost", Main, "--no-build");
        Assert.Contains(steps.AsArray(), step => (string?)step!["name"] == "publish");
        using var output = new TemporaryFolder();

        (await _aspire.RunAsync("publish", "--apphost", Main, "--no-build", "--output-path", output.Path)).Succeeded();

        Assert.NotEmpty(Directory.EnumerateFiles(output.Path, "kustomization.yaml", SearchOption.AllDirectories));
    }
}
