using MonoRepo.Tests.RedisOnKubernetes.Pods;

namespace MonoRepo.Tests.RedisOnKubernetes;

public sealed class RestartTests
{
    [Fact]
    public async Task KillOfAllLosesNoFsyncedWriteThoughAllAddressesChange()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var pods = new RedisPods();
        await pods.Start(0, 1, 2, 3, 4, 5).ReadyAsync(cancellationToken);
        await using var load = new WriteLoad(pods, cancellationToken);
        await load.ProgressAsync(1000, cancellationToken);

        Parallel.ForEach(pods.All, p => p.Kill());
        // New addresses first, then the nastier case: each pod comes back at the former address of another one.
        await pods.Start(4, 0, 5, 1, 3, 2).ReadyAsync(cancellationToken);
        await load.ProgressAsync(200, cancellationToken);
        var former = pods.All.Select(p => p.Address).ToArray();
        Parallel.ForEach(pods.All, p => p.Kill());
        foreach (var pod in pods.All)
        {
            pod.Start(former[(pod.Ordinal + 1) % former.Length]);
        }

        await pods.ReadyAsync(cancellationToken);
        await load.ProgressAsync(200, cancellationToken);
        await load.StopAndVerifyAsync(cancellationToken);
    }

    [Fact]
    public async Task MasterThatLostItsVolumeComesBackAsAReplica()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var pods = new RedisPods();
        await pods.Start(0, 1, 2, 3, 4, 5).ReadyAsync(cancellationToken);
        var former = await pods[0].AskAsync(cancellationToken, "CLUSTER", "MYID");

        pods[0].Kill();
        pods[0].LoseVolume();
        pods.Start(0);
        await FormationTests.ShapeAsync(pods, masters: 3, replicas: 3, cancellationToken);

        Assert.Equal("slave", await pods[0].RoleAsync(cancellationToken));
        await Eventually.HoldsAsync(
            async () => !(await Task.WhenAll(pods.All.Select(p => p.AskAsync(cancellationToken, "CLUSTER", "NODES"))))
                .Any(n => n.Contains(former, StringComparison.Ordinal)),
            pods.Describe);
    }
}
