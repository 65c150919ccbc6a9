using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MonoRepo.Hosting.RedisCluster.Local;
using MonoRepo.Hosting.RedisCluster.Topology;
using StackExchange.Redis;

namespace MonoRepo.Tests;

/// <summary>The whole way: the graph, the real engine, real servers.</summary>
public abstract class RunTests(string server)
{
    private const string Password = " p,a=s\"s' w$ö\\rd%20#🔑\n";

    [Fact]
    public async Task Run_AnyPassword_ServesClientsAndShowsNoSecret()
    {
        SkipUnlessInstalled();
        var start = TimeProvider.System.GetTimestamp();
        await using var redis = await RunningCluster.StartAsync(["--redis", server, $"--Parameters:redis-password={Password}"]);
        var healthy = await redis.UntilHealthyAsync();
        TestContext.Current.SendDiagnosticMessage(
            $"{server}: healthy {TimeProvider.System.GetElapsedTime(start)} after the start.");

        Assert.Equal("3 members serve 16384 slots.", Assert.Single(healthy.Snapshot.HealthReports).Description);
        var connectionString = await redis.PropertyAsync();
        Assert.Matches(@"^127\.0\.0\.1:\d+,127\.0\.0\.1:\d+,127\.0\.0\.1:\d+,password=", connectionString);
        Assert.EndsWith($",password={Password}", connectionString, StringComparison.Ordinal);
        Assert.Equal(
            $"redis://:{Uri.EscapeDataString(Password)}@{await redis.PropertyAsync("Host")}:{await redis.PropertyAsync("Port")}",
            await redis.PropertyAsync("Uri"));
        await using (var client = await redis.ConnectAsync())
        {
            await client.GetDatabase().StringSetAsync("key", "value");
            Assert.Equal("value", await client.GetDatabase().StringGetAsync("key"));
        }

        await using var unauthenticated =
            await ConnectionMultiplexer.ConnectAsync(connectionString.Split(',')[0] + ",abortConnect=false");
        await Assert.ThrowsAnyAsync<RedisException>(() => unauthenticated.GetDatabase().StringGetAsync("key"));

        // What the dashboard shows without being asked for, and what the member has printed.
        var member = await redis.UntilAsync("redis-0", s => s.HealthStatus == HealthStatus.Healthy);
        IEnumerable<ResourcePropertySnapshot> shown =
            [.. member.Snapshot.Properties, .. healthy.Snapshot.Properties.Where(p => !p.IsSensitive)];
        Assert.DoesNotContain(Password.Trim(), string.Join(' ', shown.Select(p => $"{p.Value}")), StringComparison.Ordinal);
        Assert.DoesNotContain(Password.Trim(), await redis.LogAsync(0), StringComparison.Ordinal);
        Assert.Contains(healthy.Snapshot.Properties, p => p.Name == "resource.connectionString" && p.IsSensitive);
    }

    private void SkipUnlessInstalled() =>
        Assert.SkipUnless(server == "garnet" || RedisServer.IsInstalled, "redis-server is not on PATH.");
}

public sealed class GarnetRunTests() : RunTests("garnet"), IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("monorepo-test-apphost-");

    public void Dispose() => _directory.Delete(recursive: true);

    [SlowFact]
    public async Task Run_KeptData_OutlivesKilledMembersAndRunsUntilReset()
    {
        string[] args = ["--redis", "garnet"];
        string key;
        await using (var redis = await RunningCluster.StartAsync(args, _directory.FullName))
        {
            await redis.UntilHealthyAsync();
            await using var client = await redis.AdministerAsync();
            key = await client.FindKeyAsync(client.Members[1], HashSlots.OfShard(1, 3), "kept:");
            await client.ExecuteAsync(client.Members[1], "SET", key, "value");
            await Task.WhenAll(client.Members.Select(m => client.ExecuteAsync(m, "COMMITAOF"))); // written in the background

            // Another run must not touch the data of this one.
            await using (var second = await RunningCluster.StartAsync(args, _directory.FullName))
            {
                await second.UntilAsync("redis", s => s.State?.Text == KnownResourceStates.FailedToStart);
                await Eventually.HoldsAsync(
                    async () => (await second.LogAsync(0)).Contains(
                        "Another run of this AppHost uses the data in", StringComparison.Ordinal),
                    "the log says why");
            }

            await redis.KillAsync(1);
            await redis.UntilAsync(
                "redis",
                s => s.HealthStatus == HealthStatus.Unhealthy
                    && s.HealthReports.Single().Description!.Contains(
                        "redis-1 does not answer on port", StringComparison.Ordinal));
            await redis.StartAsync(1);
            await redis.UntilHealthyAsync();

            // The health check has a connection of its own; this client's comes back within about a second.
            await Eventually.HoldsAsync(
                async () => (await client.ViewsAsync()).Any(v => v.Member == client.Members[1]),
                "this client is connected again");
            Assert.Equal("value", (string?)await client.ExecuteAsync(client.Members[1], "GET", key));
        }

        await using (var redis = await RunningCluster.StartAsync(args, _directory.FullName))
        {
            await redis.UntilHealthyAsync();
            await using var client = await redis.ConnectAsync();
            Assert.Equal("value", await client.GetDatabase().StringGetAsync(key));
        }

        await using (var redis = await RunningCluster.StartAsync([.. args, "--reset=true"], _directory.FullName))
        {
            await redis.UntilHealthyAsync();
            await using var client = await redis.ConnectAsync();
            Assert.Equal(RedisValue.Null, await client.GetDatabase().StringGetAsync(key));
        }
    }
}

public sealed class RedisServerRunTests() : RunTests("redis-server");
