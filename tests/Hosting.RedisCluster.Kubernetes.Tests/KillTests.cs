using MonoRepo.Tests.RedisOnKubernetes.Pods;

namespace MonoRepo.Tests.RedisOnKubernetes;

public sealed class KillTests
{
    [Fact]
    public async Task AnyOneKilledMemberIsReplacedAndComesBack()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var pods = new RedisPods();
        await pods.Start(0, 1, 2, 3, 4, 5).ReadyAsync(cancellationToken);
        using var client = new RedisPodsClient(pods);

        foreach (var pod in pods.All)
        {
            pod.Kill();
            // All slots take writes again before the member is back.
            for (var i = 0; i < 100; i++)
            {
                Assert.Equal("OK", await client.SendAsync(cancellationToken, "SET", $"without:{pod.Ordinal}:{i}", "x"));
            }

            pod.Start(RedisPods.NextAddress());
            await pods.ReadyAsync(cancellationToken);
        }

        await FormationTests.ShapeAsync(pods, masters: 3, replicas: 3, cancellationToken);
    }
}
