using MonoRepo.Tests.Redis;
using StackExchange.Redis;
using static MonoRepo.Tests.NotifierProcess;

namespace MonoRepo.Tests;

/// <summary>Redis goes and comes back while there is something to tell.</summary>
public sealed class RedisRestartTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RedisThatIsRestarted_LosesNothing_AndAlertmanagerSendsAgainMeanwhile()
    {
        await using var own = await RedisClusterProcess.StartAsync(
            RedisEngine.RedisServer, masters: 1, keepsData: true, cancellationToken: Cancellation);
        await using var fcm = await FcmStandIn.StartAsync();
        var gone = new TaskCompletionSource();
        fcm.Answer = async (attempt, _) =>
        {
            if (attempt == 0)
            {
                // It is taken, but Redis never hears of it before its end.
                await own.Nodes[0].KillAsync(Cancellation);
                gone.SetResult();
            }

            return 200;
        };
        await using var notifier = await StartAsync(own.ConnectionString, fcm.Receiver("phone"));

        Assert.Equal(200, await notifier.PostAsync(Group("Before", "page")));
        await gone.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
        Assert.Equal(503, await notifier.PostAsync(Group("Meanwhile", "page")));
        await own.Nodes[0].StartAsync(Cancellation);
        await Eventually.HoldsAsync(async () => await notifier.PostAsync(Group("Meanwhile", "page")) == 200, "it is taken again");
        await Eventually.HoldsAsync(() => fcm.Titles.Contains("FIRING Meanwhile"), "it is sent");

        // All that was sent is acknowledged.
        await using var connection = await ConnectionMultiplexer.ConnectAsync(own.ConnectionString);
        var database = connection.GetDatabase();
        await Eventually.HoldsAsync(
            async () => await database.StreamLengthAsync("notifier:{phone}:queue") == 0, "the queue is empty");
        Assert.Equal(["FIRING Before", "FIRING Meanwhile"], fcm.Titles);
    }

    [Fact]
    public async Task RedisThatStaysAway_DelaysNoPage_AndWhatWasToldIsNotToldAgain()
    {
        await using var own = await RedisClusterProcess.StartAsync(
            RedisEngine.RedisServer, masters: 1, keepsData: true, cancellationToken: Cancellation);
        await using var fcm = await FcmStandIn.StartAsync();
        await using var notifier = await StartAsync(
            own.ConnectionString, [.. fcm.Receiver("phone"), ("RedisGracePeriod", "00:00:01")]);

        await own.Nodes[0].KillAsync(Cancellation);
        var answers = await Task.WhenAll(
            notifier.PostAsync(Group("RedisShardDown", "page")), notifier.PostAsync(Group("Slow")));
        Assert.Equal([503, 503], answers);
        await notifier.WaitForAsync("phone", "sent", 1);
        Assert.Equal(503, await notifier.PostAsync(Group("RedisShardDown", "page")));
        Assert.True(await notifier.IsReadyAsync());

        await own.Nodes[0].StartAsync(Cancellation);
        await Eventually.HoldsAsync(
            async () => await notifier.PostAsync(Group("RedisShardDown", "page")) == 200, "the page is taken");
        Assert.Equal(200, await notifier.PostAsync(Group("Slow")));
        await notifier.WaitForAsync("phone", "sent", 2);
        Assert.Equal(["FIRING RedisShardDown", "FIRING Slow"], fcm.Titles);
    }
}
