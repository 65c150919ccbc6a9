using MonoRepo.Tests.RedisOnKubernetes.Pods;

namespace MonoRepo.Tests.RedisOnKubernetes;

public sealed class BackupTests
{
    [Fact]
    public async Task RestoreBringsBackWhatTheBackupSaved()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var pods = new RedisPods(replicasPerShard: 0);
        await pods.Start(0, 1, 2).ReadyAsync(cancellationToken);
        using var client = new ClusterClient(pods);
        for (var i = 0; i < 300; i++)
        {
            await client.SendAsync(cancellationToken, "SET", $"key:{i}", $"{i}");
        }

        await client.SendAsync(cancellationToken, "SET", "passing", "x", "EX", "1000");
        Assert.Contains("saved 3 shards", await pods[0].DoAsync(cancellationToken, "backup.sh"), StringComparison.Ordinal);
        await client.SendAsync(cancellationToken, "SET", "later", "x");

        var refusal = await pods[1].RunAsync(cancellationToken, "restore.sh");
        Assert.Contains("the cluster has 302 keys", refusal.Output, StringComparison.Ordinal);

        await Task.WhenAll(pods.All.Select(p => p.AskAsync(cancellationToken, "FLUSHALL")));
        Assert.Contains("301 keys saved, the cluster has 301", await pods[1].DoAsync(cancellationToken, "restore.sh"), StringComparison.Ordinal);
        for (var i = 0; i < 300; i++)
        {
            Assert.Equal($"{i}", await client.SendAsync(cancellationToken, "GET", $"key:{i}"));
        }

        Assert.Null(await client.SendAsync(cancellationToken, "GET", "later"));
        Assert.NotEqual("-1", await client.SendAsync(cancellationToken, "TTL", "passing"));
    }

    [Fact]
    public async Task DamagedBackupIsRefused()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var pods = new RedisPods(replicasPerShard: 0);
        await pods.Start(0, 1, 2).ReadyAsync(cancellationToken);
        await pods[0].DoAsync(cancellationToken, "backup.sh");
        await File.AppendAllTextAsync(Directory.GetFiles(pods.Backups, "*.rdb", SearchOption.AllDirectories)[0], "x", cancellationToken);

        var (exitCode, output) = await pods[0].RunAsync(cancellationToken, "restore.sh", "latest");

        Assert.Equal(1, exitCode);
        Assert.Contains("damaged", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownBackupIsRefusedByName()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var pods = new RedisPods();

        var (exitCode, output) = await pods[0].RunAsync(cancellationToken, "restore.sh", "20260101T000000Z");

        Assert.Equal(1, exitCode);
        Assert.Contains("no backup '20260101T000000Z'", output, StringComparison.Ordinal);
    }
}
