namespace MonoRepo.Tests;

/// <summary>The repository's own graph on a real cluster.</summary>
public sealed class StackTests
{
    [Fact]
    public async Task ADeepApplyOfTheClientGetsAnswers()
    {
        await using var environment = await PersonalEnvironment.CreateAsync(
            "AppHost", "redis-password", "telemetry-api-key", "telemetry-token");

        (await environment.RunAsync("apply", "routeguide-client", "--deep")).Succeeded();

        await environment.ReadyAsync();
        await PersonalEnvironment.UntilAsync(
            async () => (await environment.LogAsync("routeguide-client")).Contains(
                "GetFeature: Berkshire Valley", StringComparison.Ordinal),
            "the client's log has an answer of the server");
        Assert.DoesNotContain("todo-server", await environment.NamesAsync("Deployment.apps"));

        var before = await environment.SpecsAsync();
        var again = (await environment.RunAsync("apply", "routeguide-client", "--deep")).Succeeded();
        Assert.Contains(" 0 created, 0 changed, 0 deleted, ", again);
        Assert.Equal(before, await environment.SpecsAsync());
    }
}
