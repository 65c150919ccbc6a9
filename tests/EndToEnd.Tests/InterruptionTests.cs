namespace MonoRepo.Tests;

/// <summary>An API server that goes away for some seconds, as in a restart.</summary>
public sealed class InterruptionTests
{
    private static readonly TimeSpan s_away = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task AnApplyGoesOnWhereTheServerWentAway()
    {
        await using var environment = await PersonalEnvironment.CreateAsync("tests/DeployedAppHost");
        (await environment.RunAsync("apply")).Succeeded();
        await using var connection = new BreakingConnection(environment.Context);

        // The line comes between the look at the cluster and the first write.
        var run = await environment.RunAsync(connection, line =>
            line.Contains("is no longer wanted", StringComparison.Ordinal), s_away, "apply", "--Test:Services", "one,three");

        run.Succeeded();
        Assert.Equal(1, connection.Cuts);
        Assert.Contains("Trying again", run.Error, StringComparison.Ordinal);
        Assert.Equal(["one", "three"], await environment.NamesAsync("Deployment.apps"));
        Assert.Contains(
            " 0 created, 0 changed, 0 deleted, ",
            (await environment.RunAsync("apply", "--Test:Services", "one,three")).Succeeded(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AWaitGoesOnWhereItsWatchBroke()
    {
        await using var environment = await PersonalEnvironment.CreateAsync("tests/DeployedAppHost");
        await using var connection = new BreakingConnection(environment.Context);

        var run = await environment.RunAsync(
            connection, line => line.Contains("0/1 ready", StringComparison.Ordinal), s_away, "apply", "one");

        Assert.Contains("deployment/one is ready after ", run.Succeeded(), StringComparison.Ordinal);
        Assert.Equal(1, connection.Cuts);
    }
}
