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
        using var apart = RedisHost.Build(server.Address, ("REDIS_PASSWORD", password));
        using var both = RedisHost.Build($"{server.Address},password={password}", ("REDIS_PASSWORD", password));

        Assert.Equal(HealthStatus.Healthy, (await apart.CheckRedisAsync()).Status);
        Assert.Equal(HealthStatus.Healthy, (await both.CheckRedisAsync()).Status);
    }

    [Fact]
    public async Task WrongPasswordIsUnhealthy()
    {
        await using var server = await RedisServerProcess.StartAsync("secret");
        using var host = RedisHost.Build(server.Address, ("REDIS_PASSWORD", "wrong"));

        Assert.Equal(HealthStatus.Unhealthy, (await host.CheckRedisAsync()).Status);
    }

    [Theory]
    [InlineData("127.0.0.1:1,password=ab,cd")]
    [InlineData("127.0.0.1:1,password=a b,cd=e f")]
    public async Task ConnectionStringThatCannotBeReadIsRefusedWithoutSayingIt(string connectionString)
    {
        var exception = await Assert.ThrowsAsync<ConfigurationException>(() => TestHost.StartAsync(
            builder => builder.AddRedisClient("redis"), ("ConnectionStrings:redis", connectionString)));

        Assert.Equal(
            "The connection string of Redis can't be read; it is host:port,host:port. A password with a comma in it goes into " +
            "REDIS_PASSWORD.",
            exception.Message);
    }

    [Fact]
    public async Task MissingConnectionStringIsSaid()
    {
        var exception = await Assert.ThrowsAsync<ConfigurationException>(
            () => TestHost.StartAsync(builder => builder.AddRedisClient("redis")));

        Assert.StartsWith(
            "No address of Redis: set ConnectionStrings__redis=host:port", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TransactionThatIsDiscardedIsUnavailableAndSucceedsWhenItIsRetriedInTime()
    {
        await using var server = await RedisServerProcess.StartAsync("secret", "min-replicas-to-write 1");
        using var host = RedisHost.Build(server.Address, ("REDIS_PASSWORD", "secret"));
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
        await using var host = await TestHost.StartAsync(
            builder => builder.AddRedisClient("redis"), ("ConnectionStrings:redis", "127.0.0.1:1"));
        using var http = new HttpClient { BaseAddress = host.Management };

        Assert.Equal(503, (int)(await http.GetAsync("/health", Cancellation)).StatusCode);
        Assert.Equal(200, (int)(await http.GetAsync("/alive", Cancellation)).StatusCode);
    }
}
