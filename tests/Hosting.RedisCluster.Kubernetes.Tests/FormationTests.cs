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
    }

    [Fact]
    public async Task PodKilledDuringFormationJoinsWhenItIsBack()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var pods = new RedisPods();
        pods.Start(0, 1, 2, 3, 4, 5);
        await Until.TrueAsync(
            () => pods.All.Any(p => p.KeeperLog.Contains("meeting", StringComparison.Ordinal)), pods.Describe, cancellationToken);

        pods[1].Kill();
        pods[4].Kill();
        pods[4].LoseVolume();
        await Until.TrueAsync(() => pods[0].KeeperLog.Contains("claiming", StringComparison.Ordinal)
            || pods[0].KeeperLog.Contains("redis-5", StringComparison.Ordinal), pods.Describe, cancellationToken);
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
        // The keeper's second look at a view that does not change is its last close one.
        await Until.TrueAsync(() => pods.All.All(p => p.Age > TimeSpan.FromSeconds(12)), pods.Describe, cancellationToken);
        // The least of three: what else runs on the machine makes every instruction dearer.
        var cores = double.MaxValue;
        for (var window = 0; window < 3 && cores > 0.010; window++)
        {
            var (before, begin) = (pods.All.Sum(p => p.ProcessorSeconds), Stopwatch.GetTimestamp());
            await Task.Delay(TimeSpan.FromSeconds(8), cancellationToken);
            cores = Math.Min(
                cores, (pods.All.Sum(p => p.ProcessorSeconds) - before) / Stopwatch.GetElapsedTime(begin).TotalSeconds
                    / pods.Size);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{cores * 1000:0.0} m of CPU a pod");
        Assert.InRange(cores, 0, 0.010);
    }

    [Fact]
    public async Task UnformedMemberIsAliveButNotReady()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var pods = new RedisPods();
        pods.Start(0);

        await Until.TrueAsync(
            async () => (await pods[0].RunAsync(cancellationToken, "live.sh")).ExitCode == 0, pods.Describe, cancellationToken);
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
