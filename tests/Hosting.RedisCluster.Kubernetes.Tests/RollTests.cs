using MonoRepo.Tests.RedisOnKubernetes.Pods;

namespace MonoRepo.Tests.RedisOnKubernetes;

public sealed class RollTests
{
    [SlowFact]
    public async Task RollingAllMembersLosesNoAcknowledgedWrite()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var pods = new RedisPods();
        await pods.Start(0, 1, 2, 3, 4, 5).ReadyAsync(cancellationToken);
        await using var load = new WriteLoad(pods, cancellationToken);

        foreach (var pod in pods.All.Reverse())
        {
            await load.ProgressAsync(200, cancellationToken);
            await pod.StopAsync(cancellationToken);
            pod.Start(RedisPods.NextAddress());
            await pods.ReadyAsync(cancellationToken);
        }

        Assert.InRange(await load.StopAndVerifyAsync(cancellationToken), 1200, int.MaxValue);
    }
}
