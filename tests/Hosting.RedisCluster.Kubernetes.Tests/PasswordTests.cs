using MonoRepo.Hosting.RedisCluster.Kubernetes;
using MonoRepo.Tests.RedisOnKubernetes.Pods;

namespace MonoRepo.Tests.RedisOnKubernetes;

public sealed class PasswordTests
{
    [Theory]
    [InlineData("secret\n")]
    [InlineData("secret\r\n")]
    public async Task LineBreakAtTheEndOfASecretDoesNotCount(string password)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var pods = new RedisPods(replicasPerShard: 0, password: password);
        await pods.Start(0, 1, 2).ReadyAsync(cancellationToken);
        using var client = new RedisPodsClient(pods);

        await client.FillAsync("key", 20, cancellationToken);
        // Clients that do not drop it are let in, too.
        var (_, output) = await Shell.RunAsync(
            new Dictionary<string, string> { ["REDISCLI_AUTH"] = password }, "", cancellationToken, "redis-cli", "-h",
            pods[0].Address, "-p", $"{pods.Port}", "PING");
        Assert.Equal("PONG", output);
    }

    [Theory]
    [InlineData("", "no password")]
    [InlineData("ab,cd", "a comma")]
    [InlineData(" secret", "a space")]
    [InlineData("sec\tret", "a control character")]
    public async Task PasswordThatClientsCannotPresentIsRefusedInOneLine(string password, string told)
    {
        using var pods = new RedisPods(password: password);

        var (exitCode, output) = await pods[0].RunAsync(TestContext.Current.CancellationToken, "start.sh");

        Assert.True(exitCode == 1, output);
        Assert.Contains(told, Assert.Single(output.Split('\n')), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", output, StringComparison.Ordinal);
        // It would not have been set by `secrets set`.
        Assert.DoesNotMatch(RedisClusterDeployment.PasswordPattern, password);
        Assert.Matches(RedisClusterDeployment.PasswordPattern, RedisPods.DefaultPassword);
    }

    [Fact]
    public async Task PasswordIsReplacedWhileWritersGoOn()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        // With the line break that a Secret may end in: it is kept as the previous value with it.
        using var pods = new RedisPods(password: "the old one\n");
        await pods.Start(0, 1, 2, 3, 4, 5).ReadyAsync(cancellationToken);
        await using var load = new WriteLoad(pods, cancellationToken);
        await load.ProgressAsync(100, cancellationToken);

        await EveryAsync("accept");
        Assert.Contains("not started with the new password", (await pods[0].RunWithInputAsync(
            "the new one\n", cancellationToken, "password.sh", "only")).Output, StringComparison.Ordinal);
        (pods.Password, pods.PreviousPassword) = ("the new one", "the old one\n");
        foreach (var pod in pods.All.Reverse())
        {
            await load.ProgressAsync(200, cancellationToken);
            await pod.StopAsync(cancellationToken);
            pod.Start(RedisPods.NextAddress());
            await pods.ReadyAsync(cancellationToken);
        }

        await EveryAsync("only");
        pods.PreviousPassword = null;
        await load.ProgressAsync(100, cancellationToken);
        Assert.InRange(await load.StopAndVerifyAsync(cancellationToken), 1400, int.MaxValue);
        Assert.Equal(0, load.Unauthenticated);
        await pods.ReadyAsync(cancellationToken);
        var (_, output) = await Shell.RunAsync(
            new Dictionary<string, string> { ["REDISCLI_AUTH"] = "the old one" }, "", cancellationToken, "redis-cli", "-h",
            pods[0].Address, "-p", $"{pods.Port}", "PING");
        Assert.Contains("WRONGPASS", output, StringComparison.Ordinal);

        async Task EveryAsync(string step) => Assert.All(
            await Task.WhenAll(pods.All.Select(p =>
                p.RunWithInputAsync("the new one\n", cancellationToken, "password.sh", step))), r => Assert.Equal((0, ""), r));
    }
}
