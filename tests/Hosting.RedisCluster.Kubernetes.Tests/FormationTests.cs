using MonoRepo.Tests.RedisOnKubernetes.Pods;

namespace MonoRepo.Tests.RedisOnKubernetes;

public sealed class FormationTests
{
    [Theory]
    [InlineData("sh", new[] { 5, 2, 0, 3, 1, 4 })]
    [InlineData("busybox", new[] { 0, 1, 2, 3, 4, 5 })]
    public async Task ClusterFormsFromNothingInAnyStartOrder(string shell, int[] order)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var pods = new RedisPods(shell: shell);

        await pods.Start(order).ReadyAsync(cancellationToken);

        await ShapeAsync(pods, masters: 3, replicas: 3, cancellationToken);
    }

    [Fact]
    public async Task PodKilledDuringFormationJoinsWhenItIsBack()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var pods = new RedisPods();
        pods.Start(0, 1, 2, 3, 4, 5);
        await Until.TrueAsync(() => pods.All.Any(p => p.KeeperLog.Contains("meeting", StringComparison.Ordinal)), pods.Describe, cancellationToken);

        pods[1].Kill();
        pods[4].Kill();
        pods[4].LoseVolume();
        await Until.TrueAsync(() => pods[0].KeeperLog.Contains("claiming", StringComparison.Ordinal) || pods[0].KeeperLog.Contains("redis-5", StringComparison.Ordinal), pods.Describe, cancellationToken);
        await pods.Start(1, 4).ReadyAsync(cancellationToken);

        await ShapeAsync(pods, masters: 3, replicas: 3, cancellationToken);
    }

    [Fact]
    public async Task ReplicaIsAttachedToAMasterOnAnotherNode()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var pods = new RedisPods();
        await pods.Start(0, 1, 2, 3, 4, 5).ReadyAsync(cancellationToken);
        await ShapeAsync(pods, masters: 3, replicas: 3, cancellationToken);

        // Pods i and i + 3 are on node i.
        foreach (var replica in (int[])[3, 4, 5])
        {
            Assert.NotEqual(pods[replica - 3].Address, (await pods[replica].AskAsync(cancellationToken, "ROLE")).Split('\n')[1]);
        }
    }

    [Fact]
    public async Task StartWithoutAPasswordIsRefused()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var pods = new RedisPods(password: "");

        var (exitCode, output) = await pods[0].RunAsync(cancellationToken, "start.sh");

        Assert.Equal(1, exitCode);
        Assert.Contains("no password", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnformedMemberIsAliveButNotReady()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var pods = new RedisPods();
        pods.Start(0);

        await Until.TrueAsync(async () => (await pods[0].RunAsync(cancellationToken, "live.sh")).ExitCode == 0, pods.Describe, cancellationToken);
        var (exitCode, output) = await pods[0].RunAsync(cancellationToken, "ready.sh");

        Assert.Equal(1, exitCode);
        Assert.Contains("cluster_state:fail, 0 slots assigned", output, StringComparison.Ordinal);
    }

    internal static async Task ShapeAsync(RedisPods pods, int masters, int replicas, CancellationToken cancellationToken)
    {
        var wanted = $"{masters} master, {replicas} slave";
        await Until.TrueAsync(
            async () =>
            {
                var roles = await Task.WhenAll(pods.All.Select(p => p.RoleAsync(cancellationToken)));
                return $"{roles.Count(r => r == "master")} master, {roles.Count(r => r == "slave")} slave" == wanted;
            },
            () => $"No {wanted}.\n{pods.Describe()}",
            cancellationToken);
        await pods.ReadyAsync(cancellationToken);
    }
}
