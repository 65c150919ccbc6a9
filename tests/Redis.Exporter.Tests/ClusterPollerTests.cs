using Microsoft.Extensions.Logging.Abstractions;
using MonoRepo.Redis.Exporter;
using MonoRepo.Tests.Redis;
using StackExchange.Redis;

namespace MonoRepo.Tests;

public sealed class ClusterPollerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AMemberThatDiesAndReturnsIsFollowed()
    {
        await using var cluster = await RedisClusterProcess.StartAsync(RedisEngine.RedisServer, cancellationToken: Cancellation);
        using var poller = Create(cluster.ConnectionString);
        await poller.PollAsync();
        Assert.Equal(3, poller.Members.Count(member => member.Reading is not null));

        await cluster.Nodes[1].KillAsync(Cancellation);
        await poller.PollAsync();

        Assert.Equal(3, poller.Members.Count);
        Assert.Null(poller.Members.Single(member => member.Name == $"127.0.0.1:{cluster.Nodes[1].Port}").Reading);

        await cluster.Nodes[1].StartAsync(Cancellation);
        await cluster.WaitUntilHealthyAsync(Cancellation);
        await poller.PollAsync();
        Assert.Equal(3, poller.Members.Count(member => member.Reading is not null));
    }

    [Fact]
    public async Task ASeedThatDoesNotAnswerIsShownAsAway()
    {
        using var poller = Create("127.0.0.1:1,abortConnect=false,connectTimeout=500");

        await poller.PollAsync();

        Assert.Equal(new MemberState("127.0.0.1:1", null, null), Assert.Single(poller.Members));
    }

    private static ClusterPoller Create(string connectionString) => new(
        "redis", () => ConnectionMultiplexer.Connect(connectionString + ",allowAdmin=true"), TimeProvider.System, NullLogger<ClusterPoller>.Instance);
}
