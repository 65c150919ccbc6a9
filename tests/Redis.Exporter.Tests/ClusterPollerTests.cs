using Microsoft.Extensions.Logging.Abstractions;
using MonoRepo.Redis.Exporter;
using MonoRepo.Tests.Redis;

namespace MonoRepo.Tests;

public sealed class ClusterPollerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AMemberThatDiesAndReturnsIsFollowed()
    {
        await using var cluster = await RedisClusterProcess.StartAsync(RedisEngine.RedisServer, cancellationToken: Cancellation);
        using var poller = new ClusterPoller(ClusterAddress.Parse("redis", cluster.ConnectionString), TimeProvider.System, NullLogger<ClusterPoller>.Instance);
        await poller.PollAsync(Cancellation);
        Assert.Equal(3, poller.Members.Count(member => member.Reading is not null));

        await cluster.Nodes[1].KillAsync(Cancellation);
        await poller.PollAsync(Cancellation);

        Assert.Equal(3, poller.Members.Count);
        Assert.Null(poller.Members.Single(member => member.Name == $"127.0.0.1:{cluster.Nodes[1].Port}").Reading);

        await cluster.Nodes[1].StartAsync(Cancellation);
        await cluster.WaitUntilHealthyAsync(Cancellation);
        await poller.PollAsync(Cancellation);
        Assert.Equal(3, poller.Members.Count(member => member.Reading is not null));
    }

    [Fact]
    public async Task ASeedThatDoesNotAnswerIsShownAsAway()
    {
        using var poller = new ClusterPoller(ClusterAddress.Parse("redis", "127.0.0.1:1"), TimeProvider.System, NullLogger<ClusterPoller>.Instance);

        await poller.PollAsync(Cancellation);

        Assert.Equal(new MemberState("127.0.0.1:1", null, null), Assert.Single(poller.Members));
    }

    [Theory]
    [InlineData("a:1,b:2,password=p=q,ssl=false", "a:1 b:2", "p=q")]
    [InlineData("redis,abortConnect=false", "redis:6379", null)]
    [InlineData("[::1]:7000", "::1:7000", null)]
    public void AddressesAreThoseOfConnectionStrings(string text, string seeds, string? password)
    {
        var address = ClusterAddress.Parse("redis", text);

        Assert.Equal((seeds, password), (string.Join(' ', address.Seeds.Select(seed => $"{seed.Host}:{seed.Port}")), address.Password));
    }
}
