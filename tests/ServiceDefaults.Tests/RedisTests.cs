using System.Diagnostics;
using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using MonoRepo.ServiceDefaults;
using MonoRepo.ServiceDefaults.Redis;
using MonoRepo.Tests.Redis;
using StackExchange.Redis;
using StackExchange.Redis.Availability;

namespace MonoRepo.Tests;

/// <summary>What <c>builder.AddRedisClient("redis")</c> gives a service, on real servers.</summary>
public sealed class RedisTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Promised within 10 s of cluster_state:ok, and shorter where nothing else runs; here other test projects do.
    private static readonly TimeSpan s_recovery = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task ClientFollowsMembersThatComeBackAtNewAddresses()
    {
        await using var cluster = await MovingCluster.StartAsync();
        using var host = Build(cluster.ConnectionString);
        var redis = host.Services.GetRequiredService<IConnectionMultiplexer>();
        var messages = 0;
        await redis.GetSubscriber().SubscribeAsync(RedisChannel.Literal("news"), (_, _) => Interlocked.Increment(ref messages));
        await WriteAsync(redis);

        // Twice, as the second time what it remembers is of the first.
        for (var move = 1; move <= 2; move++)
        {
            await cluster.MoveAsync();
            var start = Stopwatch.GetTimestamp();

            await WithinAsync(() => WriteAsync(redis));
            var before = Volatile.Read(ref messages);
            await WithinAsync(async () =>
            {
                await redis.GetSubscriber().PublishAsync(RedisChannel.Literal("news"), "x");
                await Task.Delay(20, Cancellation);
                Assert.True(Volatile.Read(ref messages) > before, "no message arrived");
            });
            await WithinAsync(async () => Assert.Equal(HealthStatus.Healthy, await HealthAsync(host)));
            TestContext.Current.SendDiagnosticMessage($"move {move}: back after {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");

            async Task WithinAsync(Func<Task> attempt)
            {
                while (true)
                {
                    try
                    {
                        await attempt();
                        return;
                    }
                    catch (Exception exception) when (Stopwatch.GetElapsedTime(start) < s_recovery
                        && (exception.IsRedisUnavailable() || exception is Xunit.Sdk.XunitException))
                    {
                    }
                }
            }
        }

        static Task WriteAsync(IConnectionMultiplexer redis) => Task.WhenAll(
            Enumerable.Range(0, 30).Select(i => redis.GetDatabase().StringSetAsync($"key:{i}", i)));
    }

    [Theory]
    [InlineData("ab,cd")]
    [InlineData("ab,cd=e f")]
    [InlineData("""it's a "secret" \ of mine""")]
    [InlineData(" with spaces around ")]
    [InlineData("trailing newline\n")]
    [InlineData("größer=😀")]
    public async Task PasswordHasAnyCharacters(string password)
    {
        await using var server = await RedisServerProcess.StartAsync(password);
        using var apart = Build(server.Address, ("REDIS_PASSWORD", password));
        using var both = Build($"{server.Address},password={password}", ("REDIS_PASSWORD", password));
        using var other = Build(server.Address, ("REDIS_PASSWORD", "wrong"));

        Assert.Equal(HealthStatus.Healthy, await HealthAsync(apart));
        Assert.Equal(HealthStatus.Healthy, await HealthAsync(both));
        Assert.Equal(HealthStatus.Unhealthy, await HealthAsync(other));
    }

    [Theory]
    [InlineData("127.0.0.1:1,password=ab,cd")]
    [InlineData("127.0.0.1:1,password=a b,cd=e f")]
    public async Task ConnectionStringThatCannotBeReadIsRefusedWithoutSayingIt(string connectionString)
    {
        var exception = await Assert.ThrowsAsync<ConfigurationException>(() => TestHost.StartAsync(
            builder => builder.AddRedisClient("redis"), ("ConnectionStrings:redis", connectionString)));

        Assert.Equal(
            "The connection string of Redis can't be read; it is host:port,host:port. A password with a comma in it goes into REDIS_PASSWORD.",
            exception.Message);
    }

    [Fact]
    public async Task MissingConnectionStringIsSaid()
    {
        var exception = await Assert.ThrowsAsync<ConfigurationException>(() => TestHost.StartAsync(builder => builder.AddRedisClient("redis")));

        Assert.StartsWith("No address of Redis: set ConnectionStrings__redis=host:port", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TransactionThatIsDiscardedIsUnavailableAndSucceedsWhenItIsRetriedInTime()
    {
        await using var server = await RedisServerProcess.StartAsync("secret", "min-replicas-to-write 1");
        using var host = Build(server.Address, ("REDIS_PASSWORD", "secret"));
        var redis = host.Services.GetRequiredService<IConnectionMultiplexer>();

        var exception = await Assert.ThrowsAnyAsync<RedisException>(() => PushAsync(redis.GetDatabase()));
        Assert.True(exception.IsRedisUnavailable(), exception.ToString());

        // A list grows with each repetition: it is repeated because nothing can have happened.
        var retried = PushAsync(redis.GetDatabase().WithRetry());
        await server.ConfigureAsync("min-replicas-to-write", "0");
        await retried;
        Assert.Equal(1, await redis.GetDatabase().ListLengthAsync("list"));

        static async Task PushAsync(IDatabaseAsync database)
        {
            var transaction = database.CreateTransaction();
            _ = transaction.ListRightPushAsync("list", "x");
            await transaction.ExecuteAsync();
        }
    }

    [Fact]
    public async Task WithoutRedisTheServiceStartsAndIsNotReady()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddRedisClient("redis"), ("ConnectionStrings:redis", "127.0.0.1:1"));
        using var http = new HttpClient { BaseAddress = host.Management };

        Assert.Equal(503, (int)(await http.GetAsync("/health", Cancellation)).StatusCode);
        Assert.Equal(200, (int)(await http.GetAsync("/alive", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task LossOfOneShardIsDegradedAndItsReturnIsNoticed()
    {
        await using var cluster = await RedisClusterProcess.StartAsync(RedisEngine.Garnet, keepsData: true, cancellationToken: Cancellation);
        using var host = Build(cluster.ConnectionString);
        await BecomesAsync(HealthStatus.Healthy);

        await cluster.Nodes[1].KillAsync(Cancellation);
        await BecomesAsync(HealthStatus.Degraded);

        await cluster.Nodes[1].StartAsync(Cancellation);
        await BecomesAsync(HealthStatus.Healthy);

        async Task BecomesAsync(HealthStatus status)
        {
            for (var start = Stopwatch.GetTimestamp(); await HealthAsync(host) is var now && now != status;)
            {
                Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(40), $"still {now} instead of {status}: {s_last}");
            }
        }
    }

    private static string s_last = "";
    private static IHost Build(string connectionString, params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Development" });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));
        builder.Configuration["ConnectionStrings:redis"] = connectionString;
        builder.AddServiceDefaults();
        builder.AddRedisClient("redis");
        return builder.Build();
    }

    private static async Task<HealthStatus> HealthAsync(IHost host)
    {
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation);
        s_last = report.Entries["StackExchange.Redis"].Description + report.Entries["StackExchange.Redis"].Exception;
        return report.Entries["StackExchange.Redis"].Status;
    }
}
