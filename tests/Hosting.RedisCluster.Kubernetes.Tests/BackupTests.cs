using MonoRepo.Tests.RedisOnKubernetes.Pods;

namespace MonoRepo.Tests.RedisOnKubernetes;

public sealed class BackupTests
{
    [SlowFact]
    public async Task RestoreReplacesWhatThereIsAndSavesItBefore()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var pods = new RedisPods(replicasPerShard: 0);
        await pods.Start(0, 1, 2).ReadyAsync(cancellationToken);
        using var client = new RedisPodsClient(pods);
        await client.FillAsync("key", 300, cancellationToken);
        await client.SendAsync(cancellationToken, "SET", "passing", "x", "EX", "1000");
        Assert.Contains(
            "saved 3 shards, 301 keys", await pods[0].DoAsync(cancellationToken, "backup.sh"), StringComparison.Ordinal);
        await client.SendAsync(cancellationToken, "SET", "later", "x");

        Assert.EndsWith("redis in here: 3 shards, 302 keys", await pods[1].DoAsync(
            cancellationToken, "restore.sh", "plan"), StringComparison.Ordinal);
        Assert.Contains(
            "the cluster has 302 keys", (await pods[1].RunAsync(cancellationToken, "restore.sh", "run")).Output,
            StringComparison.Ordinal);

        var restore = pods[1].DoAsync(cancellationToken, "restore.sh", "run", "latest", "replace");
        await Eventually.HoldsAsync(
            async () => (await pods[0].AskAsync(cancellationToken, "SET", "key:2", "meanwhile")).StartsWith(
                "NOPERM", StringComparison.Ordinal) || restore.IsCompleted,
            pods.Describe);
        Assert.False(restore.IsCompleted);
        Assert.EndsWith("301 keys saved, the cluster has 301", await restore, StringComparison.Ordinal);

        await client.VerifyAsync("key", 300, cancellationToken);
        Assert.Null(await client.SendAsync(cancellationToken, "GET", "later"));
        Assert.NotEqual("-1", await client.SendAsync(cancellationToken, "TTL", "passing"));
        Assert.Equal(2, (await pods[0].DoAsync(cancellationToken, "restore.sh", "list")).Split('\n').Length);
        await client.FillAsync("after", 50, cancellationToken);
    }

    [Fact]
    public async Task RestoreThatIsCutOffLetsWritersGoOn()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var pods = new RedisPods(replicasPerShard: 0);
        await pods.Start(0, 1, 2).ReadyAsync(cancellationToken);
        using var client = new RedisPodsClient(pods);
        await client.FillAsync("key", 100, cancellationToken);
        await pods[0].DoAsync(cancellationToken, "backup.sh");

        using var restore = pods[0].Begin("restore.sh", "run", "latest", "merge");
        Assert.Equal("restore.sh: writers are paused", await restore.StandardOutput.ReadLineAsync(cancellationToken));
        await Shell.RunAsync(new Dictionary<string, string>(), "", cancellationToken, "kill", "-TERM", $"{restore.Id}");
        await restore.WaitForExitAsync(cancellationToken);

        Assert.Equal(143, restore.ExitCode);
        await client.FillAsync("after", 50, cancellationToken);
        Assert.DoesNotContain("user restore", await pods[1].AskAsync(cancellationToken, "ACL", "LIST"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DamagedBackupIsRefused()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var pods = new RedisPods(replicasPerShard: 0);
        await pods.Start(0, 1, 2).ReadyAsync(cancellationToken);
        await pods[0].DoAsync(cancellationToken, "backup.sh");
        await File.AppendAllTextAsync(
            Directory.GetFiles(pods.Backups, "*.rdb", SearchOption.AllDirectories)[0], "x", cancellationToken);

        var (exitCode, output) = await pods[0].RunAsync(cancellationToken, "restore.sh", "run", "latest");

        Assert.Equal(1, exitCode);
        Assert.Contains("damaged", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownBackupIsRefusedByName()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var pods = new RedisPods();

        var (exitCode, output) = await pods[0].RunAsync(cancellationToken, "restore.sh", "plan", "20260101T000000Z");

        Assert.Equal(1, exitCode);
        Assert.Contains("no backup '20260101T000000Z'", output, StringComparison.Ordinal);
    }
}
