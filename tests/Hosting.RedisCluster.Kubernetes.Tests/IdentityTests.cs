using MonoRepo.Tests.RedisOnKubernetes.Pods;

namespace MonoRepo.Tests.RedisOnKubernetes;

/// <summary>
/// Addresses are reused across namespaces: a name may resolve, for a while, to a member of somebody else's cluster.
/// </summary>
public sealed class IdentityTests
{
    [Theory]
    [InlineData(RedisPods.DefaultPassword, "not meeting")]
    [InlineData("another", null)]
    public async Task MemberOfAnotherClusterAtAPeersAddressIsNotMet(string password, string? told)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var here = new RedisPods(replicasPerShard: 0);
        using var there = new RedisPods(replicasPerShard: 0, @namespace: "there", password: password, port: here.Port);
        await there.Start(0, 1, 2).ReadyAsync(cancellationToken);
        here.Publish("redis-2", there[2].Address);

        here.Start(0, 1);
        await Eventually.HoldsAsync(() =>
            here[0].KeeperLog.Contains(told ?? "meeting redis-1", StringComparison.Ordinal), here.Describe);
        Assert.DoesNotContain(
            there[2].Address, await here[0].AskAsync(cancellationToken, "CLUSTER", "NODES"), StringComparison.Ordinal);
        await here.Start(2).ReadyAsync(cancellationToken);

        foreach (var pod in (RedisPod[])[.. here.All, .. there.All])
        {
            Assert.Equal(3, (await pod.AskAsync(cancellationToken, "CLUSTER", "NODES")).Split('\n').Length);
        }
    }
}
