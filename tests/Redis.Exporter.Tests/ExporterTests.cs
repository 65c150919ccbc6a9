using System.Text.RegularExpressions;
using MonoRepo.Tests.Redis;
using MonoRepo.Tests.Services;
using StackExchange.Redis;

namespace MonoRepo.Tests;

/// <summary>The exporter as a process beside real clusters.</summary>
public sealed class ExporterTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RedisEngine.Garnet, 0)]
    [InlineData(RedisEngine.RedisServer, 1)]
    public async Task AClusterIsShownMemberByMember(RedisEngine engine, int replicas)
    {
        await using var cluster = await RedisClusterProcess.StartAsync(
            engine, replicasPerMaster: replicas, password: engine == RedisEngine.RedisServer ? "secret" : null,
            cancellationToken: Cancellation);
        await WriteAsync(cluster.ConnectionString);

        // One seed is enough: it names the others.
        var seed = cluster.ConnectionString.Split(',');
        await using var exporter = ServiceProcess.Start("Redis.Exporter", new Dictionary<string, string>
        {
            ["ConnectionStrings__redis"] = string.Join(
                ',', seed.Where((part, i) => i == 0 || part.Contains('=', StringComparison.Ordinal))),
        });
        await exporter.WaitForAddressesAsync(1, Cancellation);
        using var http = new HttpClient { BaseAddress = exporter.Addresses[0] };
        var members = 3 * (1 + replicas);
        var metrics = await WaitAsync(http, text =>
            Values(text, "redis_up").Count(value => value == 1) == members && Values(text, "redis_db_keys").Sum() >= 30);

        Assert.Equal(16384, Values(metrics, "redis_cluster_member_slots").Sum());
        Assert.Equal(Enumerable.Repeat(16384.0, members), Values(metrics, "redis_cluster_slots_assigned"));
        Assert.Equal(Enumerable.Repeat(1.0, members), Values(metrics, "redis_cluster_state"));
        Assert.Equal(
            3, Lines(metrics, "redis_instance_info").Count(line => line.Contains("role=\"master\"", StringComparison.Ordinal)));
        Assert.All(Values(metrics, "redis_memory_used_bytes"), value => Assert.True(value > 1000));
        Assert.Equal(3 * replicas, Lines(metrics, "redis_replication_lag_bytes")
            .Count(line => line.Contains("master=\"127.0.0.1:", StringComparison.Ordinal)));
        Assert.Equal(3 * replicas, Values(metrics, "redis_master_link_up").Sum());
        foreach (var name in (string[])[
            "redis_connected_clients",
            "redis_commands_processed_total",
            "redis_keyspace_hits_total",
            "redis_keyspace_misses_total",
        ])
        {
            Assert.Equal(members, Values(metrics, name).Count);
        }

        Assert.All(Lines(metrics, "redis_up"), line =>
            Assert.Matches("""\{otel_scope_name="MonoRepo.Redis",cluster="redis",member="127.0.0.1:\d+"\} 1$""", line));
        Assert.DoesNotContain("secret", metrics, StringComparison.Ordinal);
        Assert.Empty(await CheckAsync(metrics));
    }

    private static async Task WriteAsync(string connectionString)
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync(connectionString);
        for (var i = 0; i < 30; i++)
        {
            await redis.GetDatabase().StringSetAsync($"key:{i}", i);
            await redis.GetDatabase().StringGetAsync($"key:{i}");
        }
    }

    private static Task<string> WaitAsync(HttpClient http, Predicate<string> condition) => Eventually.BecomesAsync(
        () => http.GetStringAsync("/metrics", Cancellation), condition,
        text => string.Join('\n', Lines(text, "redis_up|redis_db_keys")), timeout: s_timeout);

    private static IEnumerable<string> Lines(string metrics, string name) =>
        metrics.Split('\n').Where(line => Regex.IsMatch(line, $@"^({name})\{{"));

    private static List<double> Values(string metrics, string name) =>
        [.. Lines(metrics, name).Select(
            line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture))];

    // Ours alone: what .NET names is looked at where the endpoint is tested.
    private static async Task<string[]> CheckAsync(string metrics)
    {
        if (!Tools.Exists("promtool"))
        {
            return [];
        }

        var run = await Tools.RunAsync("promtool", ["check", "metrics"], string.Join(
            '\n', metrics.Split('\n').Where(line => line.Contains("redis_", StringComparison.Ordinal))) + "\n");
        return run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
