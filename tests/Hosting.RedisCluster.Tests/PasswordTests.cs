using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting.RedisCluster.Topology;
using StackExchange.Redis;

namespace MonoRepo.Tests;

/// <summary>A password on the way to members and clients.</summary>
public sealed class PasswordTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("monorepo-test-apphost-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public async Task ThePasswordIsAskedForAndShownNowhere()
    {
        const string Secret = "s3cret-of-the-test";
        await using var redis = await RunningCluster.StartAsync(
            directory.FullName, ["--redis", "redis-server", $"--Parameters:redis-password={Secret}"],
            r => r.WithPassword(r.ApplicationBuilder.AddParameter("redis-password", secret: true)));
        await redis.UntilHealthyAsync();

        using var client = await ConnectionMultiplexer.ConnectAsync(await redis.ConnectionStringAsync());
        await client.GetDatabase().StringSetAsync("key", "value");
        var member = (await redis.MembersAsync())[0];
        var refusal = await Assert.ThrowsAsync<RespException>(() => (member with { Password = null }).SendAsync(Cancel, "GET", "key"));
        Assert.StartsWith("NOAUTH", refusal.Message, StringComparison.Ordinal);
        var snapshot = await redis.UntilAsync("redis-0", s => s.State?.Text == KnownResourceStates.Running);
        Assert.DoesNotContain(Secret, string.Join(' ', snapshot.Properties.Select(p => $"{p.Value}")), StringComparison.Ordinal);
        var log = await redis.LogAsync(0);
        Assert.Contains("Cluster state changed: ok", log, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, log, StringComparison.Ordinal);
    }
}
