using MonoRepo.Tests.RedisOnKubernetes.Pods;

namespace MonoRepo.Tests.RedisOnKubernetes;

public sealed class FullVolumeTests
{
    [Theory]
    [InlineData("everysec", "cannot write to the append-only file")]
    [InlineData("always", "no room on the data volume")]
    public async Task MasterWithAFullVolumeIsReplacedAndComesBackWhenThereIsRoom(string durability, string told)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Mounting a small volume needs root.");
        var cancellationToken = TestContext.Current.CancellationToken;
        using var pods = new RedisPods(durability: durability);
        using var volume = new SmallVolume(pods[0].Data, "4m");
        await pods.Start(0, 1, 2, 3, 4, 5).ReadyAsync(cancellationToken);
        using var client = new RedisPodsClient(pods);
        await client.FillAsync("before", 200, cancellationToken);

        volume.Fill();
        // Each of them is acknowledged at last, by whoever has the shard then.
        var value = new string('x', 10_000);
        for (var i = 0; i < 100; i++)
        {
            pods.RestartEnded();
            Assert.Equal("OK", await client.SendAsync(cancellationToken, "SET", $"full:{i}", value));
        }

        await Eventually.HoldsAsync(
            async () =>
            {
                pods.RestartEnded();
                var ready = await pods[0].RunAsync(cancellationToken, "ready.sh");
                return ready.ExitCode == 1 && ready.Output.Contains(told, StringComparison.Ordinal);
            },
            pods.Describe);
        Assert.Equal(0, (await pods[0].RunAsync(cancellationToken, "live.sh")).ExitCode);

        volume.Free();
        await pods.ReadyAsync(cancellationToken);
        Assert.Equal("slave", await pods[0].RoleAsync(cancellationToken));
        await client.VerifyAsync("before", 200, cancellationToken);
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(value, await client.SendAsync(cancellationToken, "GET", $"full:{i}"));
        }
    }
}
