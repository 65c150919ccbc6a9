using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MonoRepo.Hosting.RedisCluster.Topology;
using StackExchange.Redis;

namespace MonoRepo.Tests;

/// <summary>The whole way: the graph, the real orchestrator, real servers.</summary>
public sealed class RunTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("monorepo-test-apphost-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Delete(recursive: true);

    [Theory]
    [InlineData("garnet")]
    [InlineData("redis-server")]
    public async Task TheClusterBecomesHealthyAndItsConnectionStringWorks(string server)
    {
        var start = TimeProvider.System.GetTimestamp();
        await using var redis = await RunningCluster.StartAsync(directory.FullName, ["--redis", server]);
        var healthy = await redis.UntilHealthyAsync();
        TestContext.Current.SendDiagnosticMessage($"{server}: healthy {TimeProvider.System.GetElapsedTime(start)} after the start.");

        Assert.Equal("3 members serve 16384 slots.", Assert.Single(healthy.HealthReports).Description);
        using var client = await ConnectionMultiplexer.ConnectAsync(await redis.ConnectionStringAsync());
        await client.GetDatabase().StringSetAsync("key", "value");
        Assert.Equal("value", await client.GetDatabase().StringGetAsync("key"));
        Assert.False(Directory.Exists(Path.Combine(directory.FullName, ".aspire", "redis")));
    }

    [Fact]
    public async Task AKilledMemberMakesTheClusterUnhealthyByName()
    {
        await using var redis = await RunningCluster.StartAsync(directory.FullName, ["--redis", "redis-server"]);
        await redis.UntilHealthyAsync();

        await redis.KillAsync(1);

        var unhealthy = await redis.UntilAsync("redis", s => s.HealthStatus == HealthStatus.Unhealthy);
        Assert.Contains("redis-1 does not answer on port", Assert.Single(unhealthy.HealthReports).Description, StringComparison.Ordinal);
    }
}
