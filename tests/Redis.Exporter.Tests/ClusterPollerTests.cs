using Microsoft.Extensions.Logging.Abstractions;
using MonoRepo.Redis.Exporter;
using MonoRepo.Tests.Redis;
using StackExchange.Redis;

namespace MonoRepo.Tests;

public sealed class ClusterPollerTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(40);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MemberThatDiesAndReturnsIsFollowed()
    {
        await using var cluster = await RedisClusterProcess.StartAsync(RedisEngine.RedisServer, cancellationToken: Cancellation);
        await using var redis = Connect(cluster.ConnectionString);
        using var poller = new ClusterPoller("redis", () => redis, TimeProvider.System, NullLogger<ClusterPoller>.Instance);
        await ShowsAsync(poller, 3);

        await cluster.Nodes[1].KillAsync(Cancellation);
        await ShowsAsync(poller, 2);

        Assert.Equal(3, poller.Members.Count);
        Assert.Null(poller.Members.Single(member => member.Name == $"127.0.0.1:{cluster.Nodes[1].Port}").Reading);

        await cluster.Nodes[1].StartAsync(Cancellation);
        await cluster.WaitUntilHealthyAsync(Cancellation);
        await ShowsAsync(poller, 3);
    }

    [Fact]
    public async Task AddressThatDoesNotAnswerIsShown()
    {
        await using var redis = Connect("127.0.0.1:1");
        using var poller = new ClusterPoller("redis", () => redis, TimeProvider.System, NullLogger<ClusterPoller>.Instance);

        await poller.PollAsync();

        Assert.Equal(new MemberState("127.0.0.1:1", null, null), Assert.Single(poller.Members));
    }

    private static ConnectionMultiplexer Connect(string connectionString)
    {
        var options = ConfigurationOptions.Parse(connectionString);
        options.AllowAdmin = true;
        options.AbortOnConnectFail = false;
        options.ReconnectRetryPolicy = new LinearRetry(500);
        return ConnectionMultiplexer.Connect(options);
    }

    private static Task ShowsAsync(ClusterPoller poller, int answering) => Eventually.HoldsAsync(
        async () =>
        {
            await poller.PollAsync();
            return poller.Members.Count(member => member.Reading is not null) == answering;
        },
        () => string.Join(' ', poller.Members.Select(member => $"{member.Name}:{member.Reading is not null}")), interval: 50,
        s_timeout);
}
