using System.Diagnostics;
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
        // Pods i and i + 3 are on node i, and a replica's master is on another one.
        foreach (var replica in (int[])[3, 4, 5])
        {
            Assert.NotEqual(pods[replica - 3].Address, (await pods[replica].AskAsync(cancellationToken, "ROLE")).Split('\n')[1]);
        }
    }

    [Fact]
    public async Task PodKilledDuringFormationJoinsWhenItIsBack()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var pods = new RedisPods();
        pods.Start(0, 1, 2, 3, 4, 5);
        await Eventually.HoldsAsync(
            () => pods.All.Any(p => p.KeeperLog.Contains("meeting", StringComparison.Ordinal)), pods.Describe);

        pods[1].Kill();
        pods[4].Kill();
        pods[4].LoseVolume();
        await Eventually.HoldsAsync(() => pods[0].KeeperLog.Contains("claiming", StringComparison.Ordinal)
            || pods[0].KeeperLog.Contains("redis-5", StringComparison.Ordinal), pods.Describe);
        await pods.Start(1, 4).ReadyAsync(cancellationToken);

        await ShapeAsync(pods, masters: 3, replicas: 3, cancellationToken);
    }

    [Fact]
    public async Task MembersMeetInTheAddressFamilyOfTheirPods()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var pods = new RedisPods(replicasPerShard: 0) { OtherFamily = "2001:db8::1" };

        await pods.Start(0, 1, 2).ReadyAsync(cancellationToken);
    }

    [Fact]
    public async Task SettledMemberCostsLittle()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var pods = new RedisPods { KeeperInterval = 1 };
        await pods.Start(0, 1, 2, 3, 4, 5).ReadyAsync(cancellationToken);
        // The keeper looks closely after a change, and what else runs on the machine makes every instruction dearer: it is enough
        // that it becomes cheap.
        var (used, since, cores) = (pods.All.Sum(p => p.ProcessorSeconds), Stopwatch.GetTimestamp(), double.MaxValue);
        await Eventually.HoldsAsync(
            () =>
            {
                if (Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(4))
                {
                    return false;
                }

                var (before, begin) = (used, since);
                (used, since) = (pods.All.Sum(p => p.ProcessorSeconds), Stopwatch.GetTimestamp());
                cores = (used - before) / Stopwatch.GetElapsedTime(begin, since).TotalSeconds / pods.Size;
                return cores <= 0.010;
            },
            () => $"{cores * 1000:0.0} m of CPU a pod\n{pods.Describe()}");
        TestContext.Current.TestOutputHelper?.WriteLine($"{cores * 1000:0.0} m of CPU a pod");
    }

    [Fact]
    public async Task UnformedMemberIsAliveButNotReady()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var pods = new RedisPods();
        pods.Start(0);

        await Eventually.HoldsAsync(
            async () => (await pods[0].RunAsync(cancellationToken, "live.sh")).ExitCode == 0, pods.Describe);
        var (exitCode, output) = await pods[0].RunAsync(cancellationToken, "ready.sh");

        Assert.Equal(1, exitCode);
        Assert.Contains("cluster_state:fail, 0 slots assigned", output, StringComparison.Ordinal);
    }

    internal static async Task ShapeAsync(RedisPods pods, int masters, int replicas, CancellationToken cancellationToken)
    {
        var wanted = $"{masters} master, {replicas} slave";
        await Eventually.HoldsAsync(
            async () =>
            {
                var roles = await Task.WhenAll(pods.All.Select(p => p.RoleAsync(cancellationToken)));
                return $"{roles.Count(r => r == "master")} master, {roles.Count(r => r == "slave")} slave" == wanted;
            },
            () => $"No {wanted}.\n{pods.Describe()}");
        await pods.ReadyAsync(cancellationToken);
    }
}
